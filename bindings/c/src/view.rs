//! How C sees values of the core: texts, numbers, lists and structs that belong to an event.
//!
//! Depends on [`crate::error`], [`crate::json`] and [`crate::text`]. The printed tables in
//! [`crate::types`] use it. It creates pointers and dereferences none: they point into the event
//! itself, or into its [`Arena`], and only C reads them.

use std::{any::Any, cell::RefCell, ffi::c_void, ptr, sync::Arc, time::Duration};

use bumpalo::Bump;
use rtvi_core::Error;
use serde_json::{Map, Value};

use crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};

/// The memory for the views of one event. Values stay at their addresses until the arena is
/// dropped.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    memory: Bump,
    /// Values that must be dropped, each at a stable address.
    kept: RefCell<Vec<Arc<dyn Any + Send + Sync>>>,
}

impl Arena {
    /// Stores a value. It is not dropped, because a value that is `Copy` has nothing to drop.
    pub(crate) fn put<T: Copy>(&self, value: T) -> *const T {
        self.memory.alloc(value)
    }

    /// Stores a list, each element as C sees it.
    pub(crate) fn list<T: InC>(&self, items: &[T]) -> *const T::Value {
        self.memory.alloc_slice_fill_iter(items.iter().map(|item| item.in_c(self))).as_ptr()
    }

    /// Keeps a value that owns memory.
    fn keep<T: Send + Sync + 'static>(&self, value: T) -> *const T {
        let kept = Arc::new(value);
        let place = Arc::as_ptr(&kept);
        self.kept.borrow_mut().push(kept);
        place
    }
}

/// The struct that shows a value, and the data it points to besides that value itself.
#[derive(Debug)]
pub(crate) struct View {
    payload: *const c_void,
    _arena: Arena,
}

// SAFETY: once made, the arena is not touched until it is dropped, and Rust never follows the
// pointer. What it keeps is `Send` and `Sync`, and the rest are copies of plain values and pointers
// to these.
unsafe impl Send for View {}
// SAFETY: as above.
unsafe impl Sync for View {}

impl View {
    /// Creates the struct. It is valid while this view and the value that it shows exist and do not
    /// change.
    pub(crate) fn new<T>(make: impl FnOnce(&Arena) -> *const T) -> Self {
        let arena = Arena::default();
        Self { payload: make(&arena).cast(), _arena: arena }
    }

    /// The struct, as the type that it was created with.
    pub(crate) const fn payload<T>(&self) -> *const T {
        self.payload.cast()
    }
}

/// A type of the core that C can see.
pub(crate) trait InC {
    /// Its type in C.
    type Value: Copy;

    /// Converts it. Data that do not fit into the C value are in the arena, or borrowed from
    /// `self`.
    fn in_c(&self, arena: &Arena) -> Self::Value;
}

/// A value of C that may be absent, in one form or another.
pub(crate) trait MayBeAbsent: Copy {
    /// The type of a value that may be absent.
    type Form: Absent;

    /// The value in that form.
    fn present(self, arena: &Arena) -> Self::Form;
}

/// A form that can be absent.
pub(crate) trait Absent: Copy {
    /// The absent value.
    const ABSENT: Self;
}

/// Returns the absent value.
pub(crate) const fn absent<T: Absent>() -> T {
    T::ABSENT
}

/// Returns a value of the core in the form that can be absent.
pub(crate) fn present<T: InC>(value: &T, arena: &Arena) -> <T::Value as MayBeAbsent>::Form
where
    T::Value: MayBeAbsent,
{
    value.in_c(arena).present(arena)
}

impl<T: InC> InC for Option<T>
where
    T::Value: MayBeAbsent,
{
    type Value = <T::Value as MayBeAbsent>::Form;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        self.as_ref().map_or_else(absent, |value| present(value, arena))
    }
}

impl<T> Absent for *const T {
    const ABSENT: Self = ptr::null();
}

impl<T> MayBeAbsent for *const T {
    type Form = Self;

    fn present(self, _: &Arena) -> Self {
        self
    }
}

impl Absent for rtvi_str {
    const ABSENT: Self = Self { data: ptr::null(), len: 0 };
}

impl MayBeAbsent for rtvi_str {
    type Form = Self;

    fn present(self, _: &Arena) -> Self {
        self
    }
}

/// Plain values. If absent, the pointer to them is null.
macro_rules! plain {
    ($($value:ty),+) => {$(
        impl InC for $value {
            type Value = Self;

            fn in_c(&self, _: &Arena) -> Self {
                *self
            }
        }

        impl MayBeAbsent for $value {
            type Form = *const Self;

            fn present(self, arena: &Arena) -> Self::Form {
                arena.put(self)
            }
        }
    )+};
}

plain!(bool, u8, u16, u32, u64, i64, f32, f64);

impl InC for String {
    type Value = rtvi_str;

    fn in_c(&self, _: &Arena) -> rtvi_str {
        rtvi_str::unended(self)
    }
}

/// Milliseconds.
impl InC for Duration {
    type Value = f64;

    fn in_c(&self, _: &Arena) -> f64 {
        self.as_secs_f64() * 1_000.0
    }
}

impl InC for Value {
    type Value = *const rtvi_json;

    fn in_c(&self, _: &Arena) -> Self::Value {
        rtvi_json::of(self)
    }
}

impl InC for Map<String, Value> {
    type Value = *const rtvi_json;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.keep(Value::Object(self.clone())).cast()
    }
}

impl InC for Error {
    type Value = *const rtvi_error;

    fn in_c(&self, arena: &Arena) -> Self::Value {
        arena.keep(rtvi_error::from(self.clone()))
    }
}

/// Extensible enums of texts, which C sees as they are on the wire.
macro_rules! texts {
    ($($text:ty),+) => {$(
        impl InC for $text {
            type Value = crate::text::rtvi_str;

            fn in_c(&self, _: &Arena) -> Self::Value {
                crate::text::rtvi_str::unended(self.as_str())
            }
        }
    )+};
}
pub(crate) use texts;

/// An enum of C that numbers an enum of the core.
pub(crate) trait Numbered: Copy + PartialEq + 'static {
    /// The enum of the core.
    type Core: Copy + PartialEq + 'static;
    /// Every variant of the core with its number.
    const ALL: &'static [(Self::Core, Self)];
    /// The number for unknown variants.
    const OTHER: Self;

    /// The numeric value.
    fn number(self) -> i32;

    /// The number of a variant.
    fn of(core: Self::Core) -> Self {
        Self::ALL.iter().find(|(known, _)| *known == core).map_or(Self::OTHER, |(_, number)| *number)
    }

    /// The variant with this number.
    fn core(number: i32) -> Option<Self::Core> {
        Self::ALL.iter().find(|(_, known)| known.number() == number).map(|(core, _)| *core)
    }
}

/// The table of an enum of C.
macro_rules! numbered {
    ($c:ident for $core:ty, else $other:ident; $($variant:ident = $constant:ident,)+) => {
        impl crate::view::Numbered for $c {
            type Core = $core;
            const ALL: &'static [($core, Self)] = &[$((<$core>::$variant, Self::$constant),)+];
            const OTHER: Self = Self::$other;

            fn number(self) -> i32 {
                self as i32
            }
        }

        impl crate::view::InC for $core {
            type Value = $c;

            fn in_c(&self, _: &crate::view::Arena) -> $c {
                crate::view::Numbered::of(*self)
            }
        }

        impl crate::view::MayBeAbsent for $c {
            type Form = *const Self;

            fn present(self, arena: &crate::view::Arena) -> Self::Form {
                arena.put(self)
            }
        }
    };
}
pub(crate) use numbered;
