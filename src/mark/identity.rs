//! Who handed a submission in, as far as file names tell.

/// A student, as course systems know one. Only the key is always there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Student {
    /// The name of this student in all that is written: unique in a class.
    pub key: String,
    /// The full name.
    pub name: Option<String>,
    /// The number in the course system.
    pub id: Option<String>,
    /// The number in the student information system.
    pub sis_id: Option<String>,
    /// The name for logging in.
    pub login: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The section of the course.
    pub section: Option<String>,
}

impl Student {
    /// A student of whom only the key is known.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// The name to show.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.key)
    }

    /// Given and family name, from `Family, Given` or `Given Family`.
    #[must_use]
    pub fn names(&self) -> (String, String) {
        let shown = self.shown();
        match shown.split_once(',') {
            Some((family, given)) => (given.trim().to_owned(), family.trim().to_owned()),
            None => match shown.rsplit_once(' ') {
                Some((given, family)) => (given.trim().to_owned(), family.trim().to_owned()),
                None => (String::new(), shown.to_owned()),
            },
        }
    }
}

/// A piece of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Text(String),
    Any,
    Field(Field),
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Field {
    Name,
    Id,
    SisId,
    Login,
    Email,
}

/// How file names tell students: `{name}_{id}_*`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern(Vec<Piece>);

impl Pattern {
    /// Reads a pattern: `{name}`, `{id}`, `{sis_id}`, `{login}`, `{email}`, and `*` for anything.
    ///
    /// # Errors
    /// What in it is no pattern.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let piece = if c == '*' {
                rest = &rest[1..];
                Piece::Any
            } else if c == '{' {
                let (name, after) = rest[1..].split_once('}').ok_or_else(|| format!("{text:?} has a {{ without }}"))?;
                rest = after;
                Piece::Field(match name {
                    "name" => Field::Name,
                    "id" => Field::Id,
                    "sis_id" => Field::SisId,
                    "login" => Field::Login,
                    "email" => Field::Email,
                    other => {
                        return Err(format!(
                            "{{{other}}} is none of {{name}}, {{id}}, {{sis_id}}, {{login}}, {{email}}"
                        ));
                    }
                })
            } else {
                let end = rest.find(['*', '{']).unwrap_or(rest.len());
                let (literal, after) = rest.split_at(end);
                rest = after;
                Piece::Text(literal.to_owned())
            };
            if !matches!(piece, Piece::Text(_)) && matches!(pieces.last(), Some(Piece::Any | Piece::Field(_))) {
                return Err(format!("{text:?} has two parts without a character between them"));
            }
            pieces.push(piece);
        }
        if !pieces.iter().any(|p| matches!(p, Piece::Field(_))) {
            return Err(format!("{text:?} names no part of a student, such as {{name}}"));
        }
        Ok(Self(pieces))
    }

    /// What a file name without its extension tells; nothing where it does not fit. Every part is as short as can be.
    #[must_use]
    pub fn student(&self, stem: &str) -> Option<Student> {
        let mut student = Student::default();
        let mut rest = stem;
        for (i, piece) in self.0.iter().enumerate() {
            let field = match piece {
                Piece::Text(t) => {
                    rest = rest.strip_prefix(t.as_str())?;
                    continue;
                }
                Piece::Any => None,
                Piece::Field(f) => Some(*f),
            };
            let end = match self.0.get(i + 1) {
                Some(Piece::Text(t)) => rest.find(t.as_str())?,
                _ => rest.len(),
            };
            let (value, after) = rest.split_at(end);
            rest = after;
            if field.is_some() && value.trim().is_empty() {
                return None;
            }
            let value = Some(value.trim().to_owned());
            match field {
                None => {}
                Some(Field::Name) => student.name = value,
                Some(Field::Id) => student.id = value,
                Some(Field::SisId) => student.sis_id = value,
                Some(Field::Login) => student.login = value,
                Some(Field::Email) => student.email = value,
            }
        }
        if !rest.is_empty() {
            return None;
        }
        let key = [&student.id, &student.sis_id, &student.login, &student.email, &student.name];
        student.key = key.into_iter().flatten().next()?.clone();
        Some(student)
    }
}

/// A key for each path: the file's name without its extension, longer where two would be the same.
#[must_use]
pub fn keys(paths: &[String]) -> Vec<String> {
    let parts = |p: &str| -> Vec<String> {
        p.split(['/', '\\']).filter(|s| !s.is_empty() && *s != "." && *s != "..").map(str::to_owned).collect()
    };
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(s, _)| if s.is_empty() { name } else { s }).to_owned();
    let candidates = |depth: usize, keep_extension: bool| -> Vec<String> {
        let of = |p: &String| {
            let mut parts = parts(p);
            if let (Some(last), false) = (parts.last_mut(), keep_extension) {
                *last = stem(last);
            }
            let from = parts.len().saturating_sub(depth);
            parts[from..].join("-")
        };
        paths.iter().map(of).collect()
    };
    // The name alone, with the extension, with the folder, with all folders; each only where it is needed.
    let levels =
        [candidates(1, false), candidates(1, true), candidates(2, false), candidates(2, true), candidates(64, true)];
    let mut keys: Vec<Option<String>> = vec![None; paths.len()];
    for level in &levels {
        for i in 0..paths.len() {
            let once = level.iter().filter(|k| **k == level[i]).count() == 1;
            if keys[i].is_none() && once && !keys.iter().flatten().any(|k| *k == level[i]) {
                keys[i] = Some(level[i].clone());
            }
        }
    }
    let numbered = |(i, k): (usize, Option<String>)| k.unwrap_or_else(|| format!("{}-{}", levels[4][i], i + 1));
    keys.into_iter().enumerate().map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_tell_students() {
        let p = Pattern::parse("{name}_{id}_*").unwrap();
        let s = p.student("Åsa Öberg_1201_late_work").unwrap();
        assert_eq!((s.key.as_str(), s.name.as_deref(), s.id.as_deref()), ("1201", Some("Åsa Öberg"), Some("1201")));
        assert_eq!(p.student("no underscores"), None);
        assert_eq!(p.student("__x"), None, "a field cannot be empty");
        for bad in ["*", "plain", "{nickname}", "{id", "{name}{id}", "*{id}"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_are_unique_and_as_short_as_can_be() {
        let paths = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(keys(&paths(&["a/anna.md", "a/ben.tex"])), ["anna", "ben"]);
        assert_eq!(keys(&paths(&["a/anna.md", "a/anna.tex"])), ["anna.md", "anna.tex"]);
        assert_eq!(keys(&paths(&["anna/x.md", "ben/x.md"])), ["anna-x", "ben-x"]);
        assert_eq!(keys(&paths(&["x.md", "x.md"])), ["x.md-1", "x.md-2"]);
        assert_eq!(keys(&paths(&["../.hidden"])), [".hidden"]);
    }

    #[test]
    fn names_are_parted() {
        let of = |n: &str| Student { name: Some(n.to_owned()), ..Student::new("k") }.names();
        assert_eq!(of("Smith, Anna B."), ("Anna B.".to_owned(), "Smith".to_owned()));
        assert_eq!(of("Anna B. Smith"), ("Anna B.".to_owned(), "Smith".to_owned()));
        assert_eq!(of("Plato"), (String::new(), "Plato".to_owned()));
    }
}
