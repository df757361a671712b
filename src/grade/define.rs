//! The document's own definitions, and other formulas it claims for declared quantities.
//!
//! Definitions may stand in any order (a node of a computation graph is often named before the one it uses), so they
//! are tried again until nothing new can be read.

use super::constraint::is_mark;
use super::occurrence::part;
use super::session::Session;
use super::side::{Hint, has_derivative};
use crate::dimension::{Poly, Shape};
use crate::document::{Chain, Document, Lead, Piece};
use crate::operator;
use crate::problem::{Layout, parse_dimension};
use crate::shape::{Body, Formula, Function, Quantity, Surroundings, infer_with};
use crate::syntax::{Declared, Kind, Name, NameKind, Relation, Syntax, Tree, detect, parse, parse_declared};
use crate::text::Span;

/// The notation of a piece: everything but a line of plain text is LaTeX.
pub(super) fn notation(piece: &Piece, plain: bool) -> Syntax {
    if plain { detect(&piece.text) } else { Syntax::Latex }
}

/// Whether a chain stands in a line of plain text.
pub(super) fn is_plain(chain: &Chain) -> bool {
    chain.display == crate::document::Display::TextLine
}

/// The name on the left of a definition; a star may stand behind it as it is typed.
pub(super) fn declared_head(text: &str) -> Option<Declared> {
    let text = text.trim();
    if let Some(base) = text.strip_suffix('*').map(str::trim_end).filter(|b| !b.is_empty() && !b.ends_with('^')) {
        let mut declared = parse_declared(base).ok()?;
        declared.whole = format!("{}_star", declared.whole).into();
        declared.name = declared.whole.clone();
        declared.indices.clear();
        return Some(declared);
    }
    parse_declared(text).ok()
}

impl Session {
    /// Declares what the chains define, and what earlier parts defined and these chains do not; returns the chains of
    /// which the first link is a definition.
    pub(super) fn define(&mut self, document: &Document, chains: &[usize], earlier: &[usize]) -> Vec<usize> {
        let mut defined = Vec::new();
        self.find_arguments(document, chains);
        self.find_sign_of_differentials(document, chains);
        self.find_adjoints(document, chains);
        self.find_iterates(document, chains);
        self.find_starts(document, chains);
        self.find_own_names(document, chains);
        self.find_rows(document, chains);
        self.define_all(document, chains, &mut defined);
        self.define_earlier(document, earlier);
        self.define_all(document, chains, &mut defined);
        // A name with a shape and no value is a symbol; what is defined by it comes after.
        for i in chains {
            if self.shape_declaration(&document.chains[*i]).is_some() {
                defined.push(*i);
            }
        }
        self.define_all(document, chains, &mut defined);
        self.infer_name(document, chains, &mut defined);
        for i in chains {
            self.alternative(&document.chains[*i]);
        }
        self.find_differentials(document, chains);
        if self.differentials.is_empty() {
            // `dL = tr(Eᵀ dE)` before the parts that say what varies.
            let all: Vec<usize> = (0..document.chains.len()).collect();
            self.find_differentials(document, &all);
        }
        if self.differentials.is_empty() && self.writes_differentials(document, chains) {
            // `∂C⁻¹ = −C⁻¹ (∂C) C⁻¹` of a defined C: what the questions differentiate by varies.
            let by: Vec<Name> = self.variables.iter().map(|v| v.1.clone()).collect();
            by.iter().for_each(|name| self.declare_differential(name));
        }
        defined
    }

    /// The names that stand alone on the left of an equation and are not declared.
    fn find_own_names(&mut self, document: &Document, chains: &[usize]) {
        for chain in chains.iter().map(|i| &document.chains[*i]) {
            let [head, body, ..] = chain.pieces.as_slice() else { continue };
            let defines = matches!(body.relation, Some((Relation::Equal | Relation::Define, _)));
            let Some(d) = declared_head(&head.text) else { continue };
            if defines && head.relation.is_none() && d.parameters.is_empty() && !self.is_known(&d) {
                self.own.push(d.whole);
            }
        }
    }

    pub(super) fn define_all(&mut self, document: &Document, chains: &[usize], defined: &mut Vec<usize>) {
        loop {
            let before = defined.len();
            for i in chains {
                if !defined.contains(i) && self.definition(&document.chains[*i]).is_some() {
                    defined.push(*i);
                }
            }
            if defined.len() == before {
                return;
            }
        }
    }

    /// Where an equation is about `dL`, with L a defined number, and d is only a size, `dX` is a differential.
    fn find_sign_of_differentials(&mut self, document: &Document, chains: &[usize]) {
        let names = &self.scope.names;
        if !names.is("d", NameKind::Dimension) || names.is("d", NameKind::Symbol) {
            return;
        }
        let about = chains.iter().map(|i| &document.chains[*i]).any(|chain| {
            let [head, body, ..] = chain.pieces.as_slice() else { return false };
            let Some(of) = head.text.trim().strip_prefix('d').filter(|_| head.relation.is_none()) else { return false };
            let number = parse_declared(of).ok().and_then(|d| self.scope.find(&d.whole, 0)).is_some_and(|q| {
                let q = self.scope.quantity(q);
                matches!(q.body, Body::Definition(_)) && self.scope.unifier.resolve_shape(&q.shape).is_scalar()
            });
            number && body.text.contains('d')
        });
        if about {
            self.scope.names.set_differentials();
        }
    }

    /// What earlier parts defined, the last of a name, where this part gives the name no meaning of its own.
    fn define_earlier(&mut self, document: &Document, earlier: &[usize]) {
        let again = |chain: &Chain| {
            let head = chain.pieces.first().and_then(|h| declared_head(&h.text));
            head.is_some_and(|d| self.own.contains(&d.whole))
        };
        let mut rest: Vec<usize> = earlier.iter().rev().copied().filter(|i| !again(&document.chains[*i])).collect();
        rest.retain(|i| self.shape_declaration(&document.chains[*i]).is_none());
        self.define_all(document, &rest, &mut Vec::new());
    }

    /// The symbols whose differentials the document writes.
    fn find_differentials(&mut self, document: &Document, chains: &[usize]) {
        for chain in chains.iter().map(|i| &document.chains[*i]) {
            for piece in &chain.pieces {
                let Ok(tree) = parse(&piece.text, notation(piece, is_plain(chain)), &self.scope.names) else {
                    continue;
                };
                for id in tree.ids() {
                    let Kind::Differential(x) = tree.kind(id) else { continue };
                    let Kind::Symbol(name) = tree.kind(*x) else { continue };
                    self.declare_differential(&name.clone());
                }
            }
        }
    }

    /// Declares dX of a symbol X.
    fn declare_differential(&mut self, name: &Name) {
        let Some(q) = self.scope.find(name, 0) else { return };
        let known = self.differentials.iter().any(|d| d.0 == q);
        if matches!(self.scope.quantity(q).body, Body::Variable) && !known {
            let shape = self.scope.quantity(q).shape.clone();
            let d = self.scope.declare_symbol(&format!("\u{1}d{name}"), shape, Vec::new());
            self.differentials.push((q, d));
        }
    }

    fn writes_differentials(&self, document: &Document, chains: &[usize]) -> bool {
        chains.iter().flat_map(|i| document.chains[*i].pieces.iter().map(move |p| (*i, p))).any(|(i, piece)| {
            let tree = parse(&piece.text, notation(piece, is_plain(&document.chains[i])), &self.scope.names);
            // Above a fraction it is a derivative of which the sign below is left out.
            let above = |t: &Tree, id| {
                t.ids().any(|d| t.as_apply(d).is_some_and(|(op, a)| *op == operator::DIVIDE && a[0] == id))
            };
            tree.is_ok_and(|t| t.ids().any(|id| matches!(t.kind(id), Kind::Differential(_)) && !above(&t, id)))
        })
    }

    /// `x \in \mathbb{R}^{m \times n}` declares an undeclared name.
    fn shape_declaration(&mut self, chain: &Chain) -> Option<()> {
        let [name, set] = chain.pieces.as_slice() else { return None };
        if chain.lead.is_some_and(|l| l.0 == Lead::ForAll) {
            return None;
        }
        if !matches!(set.relation, Some((Relation::Member, _))) {
            return None;
        }
        let declared = parse_declared(name.text.trim()).ok()?;
        if self.is_known(&declared) || self.is_expression(&name.text, notation(name, is_plain(chain))) {
            return None;
        }
        let shape = self.real_space(&set.text)?;
        self.scope.declare_symbol(&declared.whole, shape, Vec::new());
        Some(())
    }

    /// The shape that `\mathbb{R}^{m \times n}` names.
    pub(super) fn real_space(&mut self, text: &str) -> Option<Shape> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let rest = ["\\mathbb{R}", "\\mathbbR", "\\mathbf{R}", "\\Re", "\\R", "ℝ", "\\mathrm{R}", "R"]
            .iter()
            .find_map(|p| compact.strip_prefix(p))?;
        let Some(power) = rest.find('^').map(|i| &rest[i + 1..]) else {
            // `\mathbb{R}`, `\mathbb{R}_+`: numbers.
            return (rest.is_empty() || rest.starts_with('_')).then(Shape::scalar);
        };
        let inner = match power.strip_prefix('{') {
            Some(p) => p.split('}').next()?,
            None => power.get(..power.chars().next()?.len_utf8())?,
        };
        let inner = inner.replace("\\times", "×").replace("\\cdot", "×");
        let dims: Option<Vec<Poly>> = inner
            .split(['×', 'x'])
            .filter(|p| !p.trim().is_empty())
            .map(|p| {
                let mut unknown = false;
                let d = parse_dimension(p.trim_matches(|c: char| !c.is_alphanumeric()), &mut |n| {
                    unknown |= self.scope.unifier.find(n).is_none();
                    self.scope.declare_dimension(n)
                });
                d.ok()
            })
            .collect();
        let dims = dims?;
        (!dims.is_empty() && dims.len() <= 2).then(|| Shape::from_dimensions(&dims))
    }

    /// Whether a text is an expression in what is declared, and so no new name (`Wx`).
    fn is_expression(&mut self, text: &str, syntax: Syntax) -> bool {
        let Ok(tree) = parse(text, syntax, &self.scope.names) else { return false };
        // A letter that has a meaning of its own (e, I) may still be given another.
        if tree.children(tree.root).is_empty() {
            return false;
        }
        let mut scope = self.scope.clone();
        infer_with(&tree, &mut scope, &Surroundings::default()).is_ok()
    }

    fn is_known(&self, d: &Declared) -> bool {
        let names = &self.scope.names;
        if !d.parameters.is_empty() {
            let function = d.whole.split('(').next().unwrap_or(&d.whole);
            return names.contains(function) || names.contains(&d.name);
        }
        // `N_k` beside a size N is a name of its own.
        let counted = !d.indices.is_empty()
            && names.is(&d.name, NameKind::Dimension)
            && !names.is(&d.name, NameKind::Symbol)
            && !names.is(&d.name, NameKind::Family);
        names.contains(&d.whole)
            || (names.contains(&d.name) && !counted)
            || names.aliases().iter().any(|a| a.0 == d.whole)
    }

    /// Whether a text is another spelling of a declared name.
    fn is_spelling(&self, text: &str, syntax: Syntax) -> bool {
        let Ok(tree) = parse(text, syntax, &self.scope.names) else { return false };
        match tree.kind(tree.root) {
            Kind::Symbol(name) => !self.scope.named(name).is_empty(),
            Kind::Subscript { base, indices } => {
                matches!(tree.kind(*base), Kind::Symbol(n) if self.scope.find(n, indices.len()).is_some())
            }
            _ => false,
        }
    }

    /// `z = Wx`, `h(u) = …`, `z_i = …`, `D_{ij} = …` of a name that is not declared.
    fn definition(&mut self, chain: &Chain) -> Option<()> {
        let (head, first) = (chain.pieces.first()?, chain.pieces.get(1)?);
        if !matches!(first.relation, Some((Relation::Equal | Relation::Define, _))) || head.relation.is_some() {
            return None;
        }
        let mut declared = declared_head(&head.text)?;
        // `w_{MAP}` is a name of its own, and M, A, P no indices.
        let marked = declared.whole.rsplit_once('_').is_some_and(|(_, script)| is_mark(script));
        if marked {
            declared.name = declared.whole.clone();
            declared.indices.clear();
        }
        if self.is_known(&declared) || (!marked && self.is_expression(&head.text, notation(head, is_plain(chain)))) {
            return None;
        }
        let plain = is_plain(chain);
        if self.is_spelling(&head.text, notation(head, plain)) {
            return None;
        }
        // The first right side that can be read says what the name stands for, and names before it stand for the same.
        let at = (1..chain.pieces.len()).find(|p| {
            let piece = &chain.pieces[*p];
            self.declare_as(&declared, &piece.text, notation(piece, plain)).is_some()
        })?;
        for other in &chain.pieces[1..at] {
            let Ok(name) = parse_declared(other.text.trim()) else { continue };
            if !self.is_known(&name)
                && !self.is_expression(&other.text, notation(other, plain))
                && name.parameters.is_empty()
            {
                self.declare_as(&name, &chain.pieces[at].text, notation(&chain.pieces[at], plain));
            }
        }
        Some(())
    }

    pub(super) fn declare_as(&mut self, d: &Declared, text: &str, syntax: Syntax) -> Option<()> {
        if !d.parameters.is_empty() {
            return self.declare_function(d, text, syntax);
        }
        let mut tree = parse(text, syntax, &self.scope.names).ok()?;
        if !self.can_define(&tree) {
            return None;
        }
        // Where derivatives by vectors are rows, so is their name.
        if self.layout == Layout::Transposed
            && let Kind::Derivative { wrt, .. } = tree.kind(tree.root)
            && let Some(Kind::Symbol(by)) = wrt.first().map(|w| tree.kind(*w))
            && let Some(q) = self.scope.find(by, 0)
            && self.scope.unifier.resolve_shape(&self.scope.quantity(q).shape).is_vector()
        {
            let root = tree.root;
            tree.root = tree.apply(&operator::TRANSPOSE, [root], Span::default());
        }
        // `d = α e` before the document's own `e = …`.
        let waits = |name: &str| self.own.iter().any(|n| n == name) && self.scope.named(name).is_empty();
        let constant = |k: &Kind| {
            matches!(k, Kind::Constant(_)) || matches!(k, Kind::Apply { operator: o, .. } if **o == operator::IDENTITY)
        };
        if (waits("e") || waits("I")) && tree.ids().any(|id| constant(tree.kind(id))) {
            return None;
        }
        let single = |l: &Name| l.chars().count() == 1 && l.chars().all(|c| c.is_ascii_alphabetic());
        let letters: Vec<Name> = d.indices.iter().filter(|l| single(l)).cloned().collect();
        if let [i, j] = letters.as_slice() {
            if i == j && d.indices.len() == 2 {
                return self.declare_diagonal(d, text, syntax);
            }
        }
        let (name, letters) = if letters.len() == d.indices.len() && !letters.is_empty() {
            (d.name.clone(), letters)
        } else {
            (d.whole.clone(), Vec::new())
        };
        let mut scope = self.scope.clone();
        let around = Surroundings {
            letters: letters.iter().map(|l| (l.clone(), scope.unifier.fresh("n"))).collect(),
            ..Surroundings::default()
        };
        let inferred = infer_with(&tree, &mut scope, &around).ok()?;
        let (name, letters) = match (letters.is_empty(), inferred.typed.free.is_empty()) {
            // `z_1 = …` and `w_t = …` name one value.
            (false, true) => (d.whole.clone(), Vec::new()),
            (true, false) => return None,
            _ => (name, letters),
        };
        if inferred.typed.free.iter().any(|f| !letters.contains(&f.0))
            || inferred.typed.open_shape(&tree, &scope.unifier).is_some()
        {
            return None;
        }
        let ranges: Vec<Poly> = letters
            .iter()
            .filter_map(|l| around.letters.iter().find(|x| x.0 == *l))
            .map(|x| scope.unifier.resolve(&x.1))
            .collect();
        let shape = scope.unifier.resolve_shape(inferred.typed.shape(tree.root));
        let formula = Formula { source: text.to_owned(), syntax, tree, typed: inferred.typed };
        scope.declare(Quantity {
            name,
            letters,
            ranges,
            shape,
            properties: Vec::new(),
            body: Body::Definition(Box::new(formula)),
        });
        self.scope = scope;
        Some(())
    }

    /// Whether a formula may be what a name stands for: one without derivatives, or the derivative of something that
    /// depends on what it is taken by. A zero would make every equation about the name true.
    fn can_define(&self, tree: &Tree) -> bool {
        if matches!(tree.kind(tree.root), Kind::Number(n) if n.is_zero()) {
            return false;
        }
        if !has_derivative(tree) {
            return true;
        }
        let Kind::Derivative { of: Some(of), wrt, .. } = tree.kind(tree.root) else { return false };
        let (of, [wrt]) = (part(tree, *of), wrt.as_slice()) else { return false };
        let Kind::Symbol(by) = tree.kind(*wrt) else { return false };
        let scalar = {
            let mut scope = self.scope.clone();
            let shape = infer_with(&of, &mut scope, &Surroundings::default());
            shape.is_ok_and(|i| {
                scope.unifier.resolve_shape(i.typed.shape(of.root)).is_scalar() && i.typed.free.is_empty()
            })
        };
        scalar
            && !has_derivative(&of)
            && self.scope.find(by, 0).is_some_and(|q| super::occurrence::depends(&self.scope, q, &of))
    }

    /// `D_{ii} = …` defines a diagonal matrix by the vector of its entries.
    fn declare_diagonal(&mut self, d: &Declared, text: &str, syntax: Syntax) -> Option<()> {
        let entries = Name::from(format!("\u{1}{}", d.name));
        let letter = d.indices[0].clone();
        let vector =
            Declared { whole: entries.clone(), name: entries.clone(), indices: vec![letter], parameters: Vec::new() };
        self.declare_as(&vector, text, syntax)?;
        let mut tree = crate::syntax::Tree::new();
        let inner = tree.push(Kind::Symbol(entries), Span::default());
        tree.root = tree.apply(&operator::DIAG, [inner], Span::default());
        let inferred = infer_with(&tree, &mut self.scope, &Surroundings::default()).ok()?;
        let shape = self.scope.unifier.resolve_shape(inferred.typed.shape(tree.root));
        let formula = Formula { source: text.to_owned(), syntax, tree, typed: inferred.typed };
        let body = Body::Definition(Box::new(formula));
        self.scope.declare(Quantity {
            name: d.name.clone(),
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties: Vec::new(),
            body,
        });
        Some(())
    }

    /// `h(u) = …` is a function of a new name, and another spelling of a quantity where `u` is declared.
    fn declare_function(&mut self, d: &Declared, text: &str, syntax: Syntax) -> Option<()> {
        let name = d.whole.split('(').next().unwrap_or(&d.whole).to_owned();
        if d.parameters.iter().all(|p| self.scope.names.contains(p)) {
            let spelling = format!("{name}({})", d.parameters.join(","));
            let plain = Declared {
                whole: name.as_str().into(),
                name: name.as_str().into(),
                indices: Vec::new(),
                parameters: Vec::new(),
            };
            self.declare_as(&plain, text, syntax)?;
            self.scope.names.alias(&spelling, &name);
            return Some(());
        }
        let mut names = self.scope.names.clone();
        d.parameters.iter().for_each(|p| names.declare(p, NameKind::Symbol));
        let tree = parse(text, syntax, &names).ok()?;
        if has_derivative(&tree) {
            return None;
        }
        self.scope.declare_function(
            &name,
            Function::Defined { parameters: d.parameters.clone(), source: text.to_owned(), tree },
        );
        Some(())
    }

    /// Another formula for a declared quantity, where it is right.
    fn alternative(&mut self, chain: &Chain) -> Option<()> {
        let plain = is_plain(chain);
        let head = chain.pieces.first().filter(|p| p.relation.is_none())?;
        let tree = self.parse(&head.text, notation(head, plain)).ok()?;
        let Kind::Symbol(name) = tree.kind(tree.root) else { return None };
        let q = self.scope.find(name, 0)?;
        let Body::Definition(own) = &self.scope.quantity(q).body else { return None };
        let own = own.tree.clone();
        let (_, left) = self.side(&head.text, notation(head, plain), &Hint::default()).ok()?;
        for piece in &chain.pieces[1..] {
            let Ok((tree, right)) = self.side(&piece.text, notation(piece, plain), &left[0].hint()) else { continue };
            if has_derivative(&tree) || tree.same(tree.root, &own, own.root) {
                continue;
            }
            if self.compare(&left, &right, [&head.text, &piece.text]).equal == Some(true) {
                if let Ok(inferred) = infer_with(&tree, &mut self.scope, &Surroundings::default()) {
                    let formula =
                        Formula { source: piece.text.clone(), syntax: Syntax::Latex, tree, typed: inferred.typed };
                    self.alternatives.push((q, formula));
                }
            }
        }
        Some(())
    }
}
