//! Every error of every contract.

use std::collections::BTreeMap;

use schemars::r#gen::{SchemaGenerator, SchemaSettings};
use schemars::schema::{ObjectValidation, Schema, SchemaObject};
use schemars::{JsonSchema, Map};
use serde::Serialize;
use thiserror::Error;

/// The content of `schema/bulwark-errors.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Errors {
    /// What the file is.
    pub description: &'static str,
    /// The errors of each contract, by the contract's name, in the order of their declaration.
    pub contracts: BTreeMap<&'static str, Vec<ErrorDescription>>,
    /// The JSON schemas to which the fields refer.
    pub definitions: Map<String, Schema>,
}

/// An error that a contract answers with.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorDescription {
    /// Its name, such as `insufficient_cash`.
    pub name: String,
    /// What it means.
    pub description: String,
    /// JSON schema of its fields, an object.
    pub fields: ObjectValidation,
}

/// An error type of a form that is not understood.
#[derive(Debug, Error)]
#[error("{0} is not an enum of errors with named fields and documentation")]
pub struct SchemaError(String);

/// Reads the errors out of the contracts' types.
///
/// # Errors
/// [`SchemaError`].
pub fn errors() -> Result<Errors, SchemaError> {
    let mut generator = SchemaSettings::draft07().into_generator();
    let contracts = BTreeMap::from([
        (
            "caller",
            of::<bulwark_caller::ContractError>(&mut generator)?,
        ),
        (
            "liquidator",
            of::<bulwark_liquidator::ContractError>(&mut generator)?,
        ),
        (
            "oracle",
            of::<bulwark_oracle::ContractError>(&mut generator)?,
        ),
        ("vault", of::<bulwark_vault::ContractError>(&mut generator)?),
    ]);
    let mut definitions = generator.take_definitions();
    // The enums themselves are unfolded above. What is left is what fields are made of.
    definitions.retain(|name, _| !name.ends_with("Error"));
    Ok(Errors {
        description: "Every error that a contract answers with. As text: <name>: <sentence> {fields}",
        contracts,
        definitions,
    })
}

fn of<E: JsonSchema>(
    generator: &mut SchemaGenerator,
) -> Result<Vec<ErrorDescription>, SchemaError> {
    let schema = generator.root_schema_for::<E>().schema;
    let mut found = Vec::new();
    unfold(&E::schema_name(), schema, generator, &mut found)?;
    Ok(found)
}

/// Appends the errors of an enum, with those of the enums that it only wraps.
fn unfold(
    name: &str,
    schema: SchemaObject,
    generator: &SchemaGenerator,
    found: &mut Vec<ErrorDescription>,
) -> Result<(), SchemaError> {
    let not_understood = || SchemaError(name.into());
    let variants = schema.subschemas.and_then(|schemas| schemas.one_of);
    for variant in variants.ok_or_else(not_understood)? {
        let variant = variant.into_object();
        let description = variant.metadata.and_then(|metadata| metadata.description);
        let properties = variant.object.ok_or_else(not_understood)?.properties;
        let mut properties = properties.into_iter();
        let (Some((tag, content)), None) = (properties.next(), properties.next()) else {
            return Err(not_understood());
        };
        let content = content.into_object();
        if let Some(wrapped) = &content.reference {
            let inner = generator
                .dereference(&Schema::new_ref(wrapped.clone()))
                .cloned();
            let inner = inner.ok_or_else(not_understood)?.into_object();
            unfold(wrapped, inner, generator, found)?;
            continue;
        }
        found.push(ErrorDescription {
            name: tag,
            description: description.ok_or_else(not_understood)?,
            fields: *content.object.unwrap_or_default(),
        });
    }
    Ok(())
}
