//! Rewrite of progenitor's output, to fit the crates that include it.

use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprClosure, ExprPath, ExprStruct, GenericArgument, ImplItem, ImplItemFn, ItemImpl, ItemUse, Lit, LitStr,
    Pat, Path, PathArguments, Type, TypeParamBound, UseTree, WherePredicate, parse_quote,
};

/// The crate that the generated client calls at run time.
const RUNTIME: &str = "progenitor_client";

/// Points the generated client at `crate::runtime`.
///
/// - `progenitor_client` becomes `crate::runtime`, wherever it stands in a path.
/// - `Error<E>` becomes `Error`: the runtime's error is one opaque type, whatever the document says of its body.
/// - Of the client's constructors, the one that unwraps goes, and the other is for this crate alone.
/// - The examples in its documentation are for reading: nothing outside this crate's tests could compile them.
/// - A value that a builder refuses keeps its reason: `organization_id: "0" is not an id: ...`.
/// - An error from before a request was built names the operation, as every later one does.
pub(crate) struct Client;

impl VisitMut for Client {
    fn visit_item_use_mut(&mut self, item: &mut ItemUse) {
        if let UseTree::Path(path) = &mut item.tree
            && path.ident == RUNTIME
        {
            let rest = &path.tree;
            item.tree = parse_quote!(crate::runtime::#rest);
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.segments.first().is_some_and(|first| first.ident == RUNTIME) {
            let rest = path.segments.iter().skip(1);
            *path = parse_quote!(crate::runtime::#(#rest)::*);
        }
        if let Some(last) = path.segments.last_mut()
            && last.ident == "Error"
        {
            last.arguments = PathArguments::None;
        }
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if literal.value().contains("```ignore") {
            *literal = LitStr::new(&literal.value().replace("```ignore", "```text"), literal.span());
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        visit_mut::visit_item_impl_mut(self, item);
        let inherent_of_client = item.trait_.is_none()
            && matches!(&*item.self_ty, Type::Path(path) if path.path.is_ident(&format_ident!("Client")));
        if !inherent_of_client {
            return;
        }
        item.items.retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"));
        for item in &mut item.items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "new_with_client"
            {
                function.vis = parse_quote!(pub(crate));
            }
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, function);
        if let Some(operation_id) = operation_id(function) {
            NamedOperation { operation_id }.visit_block_mut(&mut function.block);
        }
        let Some(target) = conversion_target(function) else { return };
        let name = function.sig.ident.to_string();
        function
            .sig
            .generics
            .make_where_clause()
            .predicates
            .push(parse_quote!(<V as std::convert::TryInto<#target>>::Error: std::fmt::Display));
        KeptReason { name }.visit_block_mut(&mut function.block);
    }
}

/// Returns `T` of a builder's method that takes any `V: TryInto<T>`.
fn conversion_target(function: &ImplItemFn) -> Option<GenericArgument> {
    let clause = function.sig.generics.where_clause.as_ref()?;
    let [WherePredicate::Type(predicate)] = clause.predicates.iter().collect::<Vec<_>>()[..] else { return None };
    let Some(TypeParamBound::Trait(bound)) = predicate.bounds.first() else { return None };
    let conversion = bound.path.segments.last().filter(|last| last.ident == "TryInto")?;
    match &conversion.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.first().cloned(),
        PathArguments::None | PathArguments::Parenthesized(_) => None,
    }
}

/// Returns the `operationId` of a builder's method that sends.
fn operation_id(function: &mut ImplItemFn) -> Option<LitStr> {
    let mut search = OperationId(None);
    search.visit_block_mut(&mut function.block);
    search.0
}

/// Finds `OperationInfo { operation_id: "..." }`.
struct OperationId(Option<LitStr>);

impl VisitMut for OperationId {
    fn visit_expr_struct_mut(&mut self, expression: &mut ExprStruct) {
        if expression.path.is_ident("OperationInfo")
            && let Some(Expr::Lit(literal)) = expression.fields.first().map(|field| &field.expr)
            && let Lit::Str(operation_id) = &literal.lit
        {
            self.0 = Some(operation_id.clone());
        }
    }
}

/// Replaces `Error::InvalidRequest`, and the `?` behind `build()`, by what knows the operation too.
struct NamedOperation {
    operation_id: LitStr,
}

impl VisitMut for NamedOperation {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let operation_id = &self.operation_id;
        match expression {
            Expr::Path(ExprPath { path, .. }) if is_invalid_request(path) => {
                *expression = parse_quote!(|reason| crate::runtime::refused_value(#operation_id, reason));
            }
            Expr::Try(attempt) => {
                if let Expr::MethodCall(call) = &*attempt.expr
                    && call.method == "build"
                {
                    *expression =
                        parse_quote!(#call.map_err(|error| crate::runtime::unbuilt_request(#operation_id, error))?);
                }
            }
            _ => {}
        }
    }
}

fn is_invalid_request(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "InvalidRequest")
}

/// Replaces `|_| "conversion to ... failed".to_string()` by a closure that says why.
struct KeptReason {
    name: String,
}

impl VisitMut for KeptReason {
    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        if matches!(closure.inputs.first(), Some(Pat::Wild(_))) {
            let message = format!("{}: {{error}}", self.name);
            *closure = parse_quote!(|error| format!(#message));
        }
    }
}

/// Lets the generated mocks match under a base path too: the patterns know the document's paths alone.
pub(crate) struct Mocks {
    /// The base path, such as `/api/v2`.
    pub(crate) base_path: &'static str,
}

impl VisitMut for Mocks {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(path) = literal.value().strip_prefix("^/") {
            *literal = LitStr::new(&format!("^(?:{})?/{path}", self.base_path), literal.span());
        }
    }

    fn visit_macro_mut(&mut self, invocation: &mut syn::Macro) {
        // A visitor does not look into a macro; the patterns with a parameter stand in `format!`.
        let Ok(mut arguments) =
            invocation.parse_body_with(syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated)
        else {
            return;
        };
        for argument in &mut arguments {
            self.visit_expr_mut(argument);
        }
        invocation.tokens = quote::quote!(#arguments);
    }
}
