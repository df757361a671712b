//! Rosters: CSV files that say who is in a class, as course systems export them.

use super::identity::Student;

/// A table in CSV: rows of cells; quoted cells may hold separators, quotes and line ends. The separator is the comma, the
/// semicolon or the tabulator, whichever the first line has most of.
#[must_use]
pub fn parse_table(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    // Of equal counts the last one is taken: a comma may stand in a cell, and a tab hardly ever does.
    let separator = [',', ';', '\t'].into_iter().filter(|c| count(*c) > 0).max_by_key(|c| count(*c)).unwrap_or(',');
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut row, mut cell): (Vec<String>, String) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            c if quoted => cell.push(c),
            c if c == separator => row.push(std::mem::take(&mut cell)),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows.retain(|r| r.iter().any(|c| !c.trim().is_empty()));
    rows
}

/// A class as a roster lists it.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// The students, each with the file the roster names, where it does.
    pub students: Vec<(Student, Option<String>)>,
}

impl Roster {
    /// Reads a roster. The columns are told by their names, as in the exports of course systems: `Student` or `name`,
    /// `ID`, `SIS User ID` or `idnumber`, `SIS Login ID` or `username`, `email`, `Section`, `file`.
    ///
    /// # Errors
    /// Where no column tells a student, or two rows are the same student.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table = parse_table(text);
        let Some((header, rows)) = table.split_first() else { return Err("the roster is empty".to_owned()) };
        let plain = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let column = |names: &[&str]| header.iter().position(|h| names.contains(&plain(h).as_str()));
        let name = column(&["student", "name", "fullname", "studentname"]);
        let (given, family) = (column(&["firstname", "givenname"]), column(&["lastname", "surname", "familyname"]));
        let id = column(&["id", "userid", "canvasid", "studentid"]);
        let sis = column(&["sisuserid", "sisid", "idnumber", "sid"]);
        let login = column(&["sisloginid", "login", "username", "loginid"]);
        let email = column(&["email", "emailaddress", "mail"]);
        let section = column(&["section", "group"]);
        let file = column(&["file", "filename", "submission"]);
        if [name, given, family, id, sis, login, email].iter().all(Option::is_none) {
            return Err("the roster's first line names no column such as Student, ID, username or email".to_owned());
        }
        let mut roster = Self::default();
        for row in rows {
            let cell =
                |c: Option<usize>| c.and_then(|c| row.get(c)).map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
            // The row of points that Canvas puts below the header.
            if cell(name).is_some_and(|n| n.starts_with("Points Possible")) {
                continue;
            }
            let both = [cell(given), cell(family)].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let name = cell(name).or(Some(both).filter(|b| !b.is_empty()));
            let student = Student {
                key: String::new(),
                name,
                id: cell(id),
                sis_id: cell(sis),
                login: cell(login),
                email: cell(email),
                section: cell(section),
            };
            let key = [&student.login, &student.id, &student.sis_id, &student.email, &student.name];
            let Some(key) = key.into_iter().flatten().next().cloned() else { continue };
            if roster.students.iter().any(|s| s.0.key == key) {
                return Err(format!("the roster lists {key:?} twice"));
            }
            roster.students.push((Student { key, ..student }, cell(file)));
        }
        Ok(roster)
    }

    /// The students whose submission a file is: by the roster's own column of files, which may name one file for several
    /// who worked together, or the one student that the name tells. Where it may be two, it is nobody.
    #[must_use]
    pub fn find(&self, file_name: &str, told: &Student) -> Vec<&Student> {
        let stem = file_name.rsplit_once('.').map_or(file_name, |(s, _)| s);
        let names_it = |f: &Option<String>| f.as_deref().is_some_and(|f| f == file_name || f == stem);
        let by_file: Vec<&Student> = self.students.iter().filter(|(_, f)| names_it(f)).map(|s| &s.0).collect();
        if !by_file.is_empty() {
            return by_file;
        }
        let only = |is: &dyn Fn(&Student) -> bool| -> Vec<&Student> {
            self.students.iter().map(|s| &s.0).filter(|s| is(s)).collect()
        };
        let same = |a: &Option<String>, b: &str| a.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(b));
        let plain = |s: &str| {
            let mut words: Vec<String> =
                s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
            words.sort();
            words
        };
        let values =
            [Some(&told.key), told.id.as_ref(), told.sis_id.as_ref(), told.login.as_ref(), told.email.as_ref()];
        let values: Vec<&String> = values.into_iter().flatten().collect();
        let is_known =
            |s: &Student| values.iter().any(|v| [&s.id, &s.sis_id, &s.login, &s.email].into_iter().any(|k| same(k, v)));
        let is_addressed = |s: &Student| {
            let local = s.email.as_deref().and_then(|e| e.split('@').next());
            values.iter().any(|v| local.is_some_and(|l| l.eq_ignore_ascii_case(v)))
        };
        let name = plain(told.name.as_deref().unwrap_or(&told.key));
        let is_called = |s: &Student| s.name.as_deref().is_some_and(|n| plain(n) == name);
        // The first way that finds anybody counts; two students are not told apart by it.
        let found = [only(&is_known), only(&is_addressed), only(&is_called)].into_iter().find(|f| !f.is_empty());
        found.filter(|f| f.len() == 1).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_hold_separators_quotes_and_line_ends() {
        let rows = parse_table("\u{feff}a;b\r\n\"x;\"\"y\"\"\nz\";2\r\n\r\n;\n");
        assert_eq!(rows, [vec!["a", "b"], vec!["x;\"y\"\nz", "2"]]);
        assert_eq!(parse_table("a, b\tc\n1\t2"), [vec!["a, b", "c"], vec!["1", "2"]]);
        assert_eq!(parse_table("a\n1,2"), [vec!["a"], vec!["1", "2"]]);
    }

    #[test]
    fn an_export_of_canvas_is_a_roster() {
        let text = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (17)\n    Points Possible,,,,,10\n\
                    \"Smith, Anna\",11,S1,asmith,A,\n\"Öberg, Åsa\",12,S2,aoberg,B,\n";
        let roster = Roster::parse(text).unwrap();
        assert_eq!(roster.students.len(), 2);
        let find = |f: &str| {
            let found = roster.find(f, &Student::new(f.trim_end_matches(".md")));
            found.iter().map(|s| s.key.clone()).collect::<Vec<_>>().join(" ")
        };
        let found = ["asmith.md", "12.md", "anna_smith.md", "x.md"].map(find);
        assert_eq!(found, ["asmith", "aoberg", "asmith", ""]);
    }

    #[test]
    fn a_file_is_nobodys_where_it_may_be_two_students() {
        let text = "ID,username,name,email,file\n1,ann,Ann Lee,ann@a.org,\n2,bob,Ann Lee,ann@b.org,pair.md\n\
                    3,1x,Cy,cy@a.org,pair\n4,2,Di,cy@b.org,\n";
        let roster = Roster::parse(text).unwrap();
        let find = |f: &str| {
            let found = roster.find(f, &Student::new(f.trim_end_matches(".md")));
            found.iter().map(|s| s.login.clone().unwrap()).collect::<Vec<_>>().join(" ")
        };
        // A login is more than the name of an address; a name of two students tells none, nor does a number that is the
        // number of one and the login of another; who worked together is named by the roster.
        let found = ["ann.md", "lee-ann.md", "cy.md", "2.md", "pair.md", "3.md"].map(find);
        assert_eq!(found, ["ann", "", "", "", "bob 1x", "1x"]);
    }

    #[test]
    fn two_rows_of_one_student_are_refused() {
        assert!(Roster::parse("ID,name\n1,A\n1,B\n").is_err());
        assert!(Roster::parse("colour\nred\n").is_err());
        assert!(Roster::parse("").is_err());
    }
}
