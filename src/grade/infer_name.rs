//! A name that a document uses in its definitions and never defines (`c = j + d`): where exactly one part of the
//! problem's own formulas, put in its place, makes the document's equations about declared quantities true, the name
//! stands for it, and this is said.

use super::define::{is_plain, notation};
use super::occurrence::part;
use super::session::Session;
use super::side::Hint;
use crate::document::Document;
use crate::operator;
use crate::shape::{Body, Formula, Quantity, Scope, Surroundings, infer_with};
use crate::syntax::{ExprId, ExprIds, Kind, Name, Syntax, Tree, parse, print};
use crate::text::{Code, Span};

/// Parts of the problem that are tried.
const MOST_CANDIDATES: usize = 60;
/// Equations that a name has to make true.
const MOST_WITNESSES: usize = 4;
/// Chains of a part in which a name is still looked for.
const MOST_CHAINS: usize = 400;

impl Session {
    /// Gives the one missing name its meaning, where it can be found.
    pub(super) fn infer_name(&mut self, document: &Document, chains: &[usize], defined: &mut Vec<usize>) {
        if chains.len() > MOST_CHAINS {
            return;
        }
        let Some((chain, name)) = self.missing_name(document, chains, defined) else { return };
        let witnesses = self.witnesses(document, chains);
        if witnesses.is_empty() {
            return;
        }
        let mut found: Option<(Tree, Scope, Vec<usize>)> = None;
        let (before, nodes) = (self.scope.clone(), self.quantities.clone());
        for candidate in self.parts() {
            // The nodes of what was declared for the last candidate are not those of this one.
            self.scope = before.clone();
            self.quantities = nodes.clone();
            if self.declare_tree(&name, &candidate).is_none() {
                continue;
            }
            let mut also = defined.clone();
            self.define_all(document, chains, &mut also);
            if !witnesses.iter().all(|w| self.is_true(document, *w)) {
                continue;
            }
            if let Some((other, ..)) = &found {
                // Two meanings, unless they are equal.
                let (a, b) = (self.readings(other, &Hint::default()).0, self.readings(&candidate, &Hint::default()).0);
                if self.compare(&a, &b, ["", ""]).equal != Some(true) {
                    self.scope = before;
                    self.quantities = nodes;
                    return;
                }
                continue;
            }
            found = Some((candidate, self.scope.clone(), also));
        }
        self.scope = before;
        self.quantities = nodes;
        if let Some((tree, scope, also)) = found {
            let shown = print(&tree, tree.root, Syntax::Plain);
            self.inferred.push((chain, format!("{name} is not defined and is read as {shown}")));
            self.scope = scope;
            *defined = also;
        }
    }

    /// The only undeclared name on the right of the definitions that could not be read.
    fn missing_name(&mut self, document: &Document, chains: &[usize], defined: &[usize]) -> Option<(usize, Name)> {
        let mut missing: Option<(usize, Name)> = None;

        for c in chains.iter().filter(|c| !defined.contains(c)) {
            let chain = &document.chains[*c];
            let [head, body, ..] = chain.pieces.as_slice() else { continue };
            let own = crate::syntax::parse_declared(head.text.trim()).is_ok_and(|d| self.own.contains(&d.whole));
            if !own {
                continue;
            }
            for name in self.undeclared(&body.text, notation(body, is_plain(chain))) {
                if self.own.contains(&name) {
                    continue;
                }
                match &missing {
                    Some((_, known)) if *known != name => return None,
                    Some(_) => {}
                    None => missing = Some((*c, name)),
                }
            }
        }
        missing
    }

    fn undeclared(&self, text: &str, syntax: Syntax) -> Vec<Name> {
        let mut names = Vec::new();
        match parse(text, syntax, &self.scope.names) {
            Ok(tree) => super::local::symbols(&tree, tree.root, &mut names),
            Err(d) if d.code == Code::UNKNOWN_SYMBOL => {
                names.extend(text.get(d.span.range()).map(|n| Name::from(n.trim())));
            }
            Err(_) => {}
        }
        let scope = &self.scope;
        names.retain(|n| {
            let letter = n.chars().count() == 1 && n.chars().all(char::is_alphabetic);
            letter && scope.named(n).is_empty() && scope.unifier.find(n).is_none() && !scope.names.contains(n)
        });
        names
    }

    /// Equations about declared quantities that cannot be read yet.
    fn witnesses(&mut self, document: &Document, chains: &[usize]) -> Vec<usize> {
        let mut found = Vec::new();
        for c in chains {
            let chain = &document.chains[*c];
            let [head, body, ..] = chain.pieces.as_slice() else { continue };
            let plain = is_plain(chain);
            let Ok(tree) = parse(&head.text, notation(head, plain), &self.scope.names) else { continue };
            let Kind::Symbol(name) = tree.kind(tree.root) else { continue };
            let stated = self.scope.find(name, 0).map(|q| &self.scope.quantity(q).body);
            let equation = matches!(stated, Some(Body::Definition(_)));
            if equation && self.side(&body.text, notation(body, plain), &Hint::default()).is_err() {
                found.push(*c);
            }
            if found.len() == MOST_WITNESSES {
                break;
            }
        }
        self.notes.clear();
        found
    }

    fn is_true(&mut self, document: &Document, c: usize) -> bool {
        let chain = &document.chains[c];
        let (head, body, plain) = (&chain.pieces[0], &chain.pieces[1], is_plain(chain));
        let Ok((_, left)) = self.side(&head.text, notation(head, plain), &Hint::default()) else { return false };
        let hint = left.first().map(super::side::Reading::hint).unwrap_or_default();
        let Ok((_, right)) = self.side(&body.text, notation(body, plain), &hint) else { return false };
        self.compare(&left, &right, [&head.text, &body.text]).equal == Some(true)
    }

    /// The parts of the problem's formulas, each once, with the sizes of identities written out.
    fn parts(&self) -> Vec<Tree> {
        let mut found: Vec<Tree> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for (_, q) in self.scope.quantities() {
            let Body::Definition(f) = &q.body else { continue };
            let mut tree = f.tree.clone();
            for id in (0..f.tree.len()).filter_map(|i| u32::try_from(i).ok()).map(ExprId) {
                let Kind::Apply { operator: op, arguments } = f.tree.kind(id) else { continue };
                if **op != operator::IDENTITY || !arguments.is_empty() {
                    continue;
                }
                let size = self.scope.unifier.resolve(&f.typed.shape(id).rows);
                let Some(size) = size.as_variable() else { continue };
                let name = Name::from(self.scope.unifier.name(size));
                let argument = tree.push(Kind::Symbol(name), Span::default());
                let arguments: ExprIds = std::iter::once(argument).collect();
                tree.set_kind(id, Kind::Apply { operator: &operator::IDENTITY, arguments });
            }
            for id in (0..f.tree.len()).filter_map(|i| u32::try_from(i).ok()).map(ExprId) {
                if !matches!(tree.kind(id), Kind::Apply { .. } | Kind::Symbol(_) | Kind::Subscript { .. }) {
                    continue;
                }
                let piece = part(&tree, id);
                let words = print(&piece, piece.root, Syntax::Plain);
                if !seen.contains(&words) && found.len() < MOST_CANDIDATES {
                    seen.push(words);
                    found.push(piece);
                }
            }
        }
        found
    }

    /// Declares a name for a tree.
    fn declare_tree(&mut self, name: &Name, tree: &Tree) -> Option<()> {
        let mut scope = self.scope.clone();
        let inferred = infer_with(tree, &mut scope, &Surroundings::default()).ok()?;
        if !inferred.typed.free.is_empty() || inferred.typed.open_shape(tree, &scope.unifier).is_some() {
            return None;
        }
        let shape = scope.unifier.resolve_shape(inferred.typed.shape(tree.root));
        let formula =
            Formula { source: String::new(), syntax: Syntax::Plain, tree: tree.clone(), typed: inferred.typed };
        scope.declare(Quantity {
            name: name.clone(),
            letters: Vec::new(),
            ranges: Vec::new(),
            shape,
            properties: Vec::new(),
            body: Body::Definition(Box::new(formula)),
        });
        self.scope = scope;
        Some(())
    }
}
