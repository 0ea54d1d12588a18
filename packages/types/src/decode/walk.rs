//! Values read from a [`Tree`]. What can be the same for all types is outside of the generic
//! functions: a struct is handed to its type as a sequence of fields, in the order in which the
//! type declares them, an enum's variant by its position.

use std::{fmt, slice};

use serde::Deserializer;
use serde::de::value::{StrDeserializer, U64Deserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

use super::tree::{Member, Tree};

/// Names of fields or variants.
type Names = &'static [&'static str];

/// Why a document is refused: one word, for it is passed on at hundreds of places.
#[derive(Debug)]
#[expect(clippy::box_collection, reason = "one word instead of three")]
pub struct Error(Box<String>);

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(refusal: T) -> Self {
        Self(Box::new(refusal.to_string()))
    }
}

static MISSING: Tree = Tree::Missing;

/// A value on its way to its type.
#[derive(Clone, Copy)]
pub struct Walk<'t> {
    pub tree: &'t Tree,
    /// Whether members that a type does not know are passed over instead of refused.
    pub lenient: bool,
}

impl<'t> Walk<'t> {
    const fn to(self, tree: &'t Tree) -> Self {
        Self { tree, ..self }
    }

    #[cold]
    #[inline(never)]
    fn mismatch(self, expected: &dyn Expected) -> Error {
        let found = match self.tree {
            Tree::Missing => Unexpected::Other("nothing"),
            Tree::Null => Unexpected::Other("null"),
            Tree::Bool(value) => Unexpected::Bool(*value),
            Tree::Unsigned(value) => Unexpected::Unsigned(*value),
            Tree::Signed(value) => Unexpected::Signed(*value),
            Tree::Fraction(value) => Unexpected::Float(*value),
            Tree::Text(value) => Unexpected::Str(value),
            Tree::Array(_) => Unexpected::Seq,
            Tree::Object(_) => Unexpected::Map,
        };
        Error::invalid_type(found, expected)
    }

    /// The members of an object that has no others than these, and none twice.
    #[inline(never)]
    fn fields(self, names: Names, expected: &dyn Expected) -> Result<Fields<'t>, Error> {
        let Tree::Object(members) = self.tree else {
            return Err(self.mismatch(expected));
        };
        for (at, (name, _)) in members.iter().enumerate() {
            let known = match names.iter().find(|known| *known == name) {
                Some(known) => known,
                None if self.lenient => continue,
                None => return Err(Error::unknown_field(name, names)),
            };
            if members.iter().take(at).any(|(earlier, _)| earlier == name) {
                return Err(Error::duplicate_field(known));
            }
        }
        Ok(Fields {
            walk: self,
            names: names.iter(),
            members,
        })
    }

    /// Which of these variants it is, and what it holds.
    #[inline(never)]
    fn variant(self, names: Names, expected: &dyn Expected) -> Result<Variant<'t>, Error> {
        let (name, content) = match self.tree {
            Tree::Text(name) => (name, None),
            Tree::Object(members) => match members.as_slice() {
                [(name, content)] => (name, Some(content)),
                _ => return Err(self.mismatch(expected)),
            },
            _ => return Err(self.mismatch(expected)),
        };
        let position = (0u64..)
            .zip(names)
            .find_map(|(position, known)| (known == name).then_some(position))
            .ok_or_else(|| Error::unknown_variant(name, names))?;
        Ok(Variant {
            position,
            content: Content(content.map(|content| self.to(content))),
        })
    }

    #[inline(never)]
    fn items(self, expected: &dyn Expected) -> Result<Items<'t>, Error> {
        match self.tree {
            Tree::Array(items) => Ok(Items {
                walk: self,
                rest: items.iter(),
            }),
            _ => Err(self.mismatch(expected)),
        }
    }

    /// Says where in the document an error lies.
    #[cold]
    #[inline(never)]
    fn locate(self, error: &Error, name: &'static str) -> Error {
        match self.tree {
            Tree::Missing => Error::missing_field(name),
            _ => Error::custom(format_args!("{name}: {error}")),
        }
    }
}

macro_rules! deserialize_integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.tree {
                Tree::Unsigned(value) => visitor.visit_u64(*value),
                Tree::Signed(value) => visitor.visit_i64(*value),
                _ => Err(self.mismatch(&visitor)),
            }
        }
    )*};
}

macro_rules! deserialize_texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.tree {
                Tree::Text(value) => visitor.visit_str(value),
                _ => Err(self.mismatch(&visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Walk<'_> {
    type Error = Error;

    deserialize_integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    deserialize_texts! {
        deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Missing => Err(self.mismatch(&visitor)),
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Unsigned(value) => visitor.visit_u64(*value),
            Tree::Signed(value) => visitor.visit_i64(*value),
            Tree::Fraction(value) => visitor.visit_f64(*value),
            Tree::Text(value) => visitor.visit_str(value),
            Tree::Array(_) => self.deserialize_seq(visitor),
            Tree::Object(members) => visitor.visit_map(Members::of(self, members)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Bool(value) => visitor.visit_bool(*value),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(self.mismatch(&visitor))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(self.mismatch(&visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Missing | Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Null => visitor.visit_unit(),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut items = self.items(&visitor)?;
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Object(members) => visitor.visit_map(Members::of(self, members)),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: Names,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let fields = self.fields(fields, &visitor)?;
        visitor.visit_seq(fields)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: Names,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = self.variant(variants, &visitor)?;
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

struct Items<'t> {
    walk: Walk<'t>,
    rest: slice::Iter<'t, Tree>,
}

impl Items<'_> {
    #[inline(never)]
    fn end(&self) -> Result<(), Error> {
        if self.rest.as_slice().is_empty() {
            return Ok(());
        }
        Err(Error::custom("the array is longer than expected"))
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.rest
            .next()
            .map(|item| seed.deserialize(self.walk.to(item)))
            .transpose()
    }
}

/// The values of a struct's fields, in the order of the names.
struct Fields<'t> {
    walk: Walk<'t>,
    names: slice::Iter<'static, &'static str>,
    members: &'t [Member],
}

impl<'t> Fields<'t> {
    #[inline(never)]
    fn advance(&mut self) -> Option<(&'static str, Walk<'t>)> {
        let name = self.names.next()?;
        let member = self.members.iter().find(|(member, _)| member == name);
        let value = member.map_or(&MISSING, |(_, value)| value);
        Some((name, self.walk.to(value)))
    }
}

impl<'de> SeqAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        match self.advance() {
            Some((name, value)) => match seed.deserialize(value) {
                Ok(field) => Ok(Some(field)),
                Err(error) => Err(value.locate(&error, name)),
            },
            None => Ok(None),
        }
    }
}

struct Members<'t> {
    walk: Walk<'t>,
    rest: slice::Iter<'t, Member>,
}

impl<'t> Members<'t> {
    fn of(walk: Walk<'t>, members: &'t [Member]) -> Self {
        Self {
            walk: walk.to(&MISSING),
            rest: members.iter(),
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.walk = self.walk.to(value);
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.walk)
    }
}

struct Variant<'t> {
    position: u64,
    content: Content<'t>,
}

impl<'de, 't> EnumAccess<'de> for Variant<'t> {
    type Error = Error;
    type Variant = Content<'t>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Content<'t>), Error> {
        let position: U64Deserializer<Error> = self.position.into_deserializer();
        Ok((seed.deserialize(position)?, self.content))
    }
}

/// What a variant holds.
struct Content<'t>(Option<Walk<'t>>);

impl<'t> Content<'t> {
    #[inline(never)]
    fn held(self) -> Result<Walk<'t>, Error> {
        self.0
            .ok_or_else(|| Error::invalid_type(Unexpected::UnitVariant, &"a variant with content"))
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Error;

    #[inline(never)]
    fn unit_variant(self) -> Result<(), Error> {
        match self.0 {
            None => Ok(()),
            Some(content) if matches!(content.tree, Tree::Null) => Ok(()),
            Some(content) => Err(content.mismatch(&"a variant without content")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.held()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        self.held()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: Names, visitor: V) -> Result<V::Value, Error> {
        let fields = self.held()?.fields(fields, &visitor)?;
        visitor.visit_seq(fields)
    }
}
