//! How values of the core are shown to C: texts, numbers, lists and structs that belong to an event.
//!
//! Depends on [`crate::error`], [`crate::json`] and [`crate::text`]. The printed tables in [`crate::types`] stand on it. It makes pointers and
//! follows none: they lead into the event itself, or into its [`Arena`], and only C reads what is there.

use std::{any::Any, cell::RefCell, ffi::c_void, ptr, sync::Arc, time::Duration};

use bumpalo::Bump;
use rtvi_core::Error;
use serde_json::{Map, Value};

use crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};

/// Where the views of one event lie; what is in it stays where it is until the arena is dropped.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    memory: Bump,
    /// What must be dropped, each in a place of its own.
    kept: RefCell<Vec<Arc<dyn Any + Send + Sync>>>,
}

impl Arena {
    /// Puts a value there; it is not dropped, as nothing that can be copied need be.
    pub(crate) fn put<T: Copy>(&self, value: T) -> *const T {
        self.memory.alloc(value)
    }

    /// Puts a list there, each element as C sees it.
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

/// The struct that shows a value, with what it points to besides that value itself.
#[derive(Debug)]
pub(crate) struct View {
    payload: *const c_void,
    _arena: Arena,
}

// SAFETY: once made, the arena is not touched until it is dropped, and Rust never follows the pointer. What it keeps is `Send` and
// `Sync`, and the rest are copies of plain values and pointers to these.
unsafe impl Send for View {}
// SAFETY: as above.
unsafe impl Sync for View {}

impl View {
    /// Makes the struct. It is valid while this and the value that it shows are there and unchanged.
    pub(crate) fn new<T>(make: impl FnOnce(&Arena) -> *const T) -> Self {
        let arena = Arena::default();
        Self { payload: make(&arena).cast(), _arena: arena }
    }

    /// The struct, as the type that it was made as.
    pub(crate) const fn payload<T>(&self) -> *const T {
        self.payload.cast()
    }
}

/// A type of the core that C can be shown.
pub(crate) trait InC {
    /// What it is there.
    type Value: Copy;

    /// Shows it; what does not fit into the value itself lies in the arena, or is borrowed from `self`.
    fn in_c(&self, arena: &Arena) -> Self::Value;
}

/// A value of C that may be absent, in one form or another.
pub(crate) trait MayBeAbsent: Copy {
    /// The value, or nothing.
    type Form: Absent;

    /// The value where it might be absent.
    fn present(self, arena: &Arena) -> Self::Form;
}

/// A form in which values are absent.
pub(crate) trait Absent: Copy {
    /// Nothing.
    const ABSENT: Self;
}

/// Nothing, where a value might be.
pub(crate) const fn absent<T: Absent>() -> T {
    T::ABSENT
}

/// A value of the core where it might be absent.
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

/// Plain values, which are absent as a null pointer to them.
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

/// In milliseconds.
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

/// Enums of texts that others may extend, which C sees as they are on the wire.
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

/// An enum of C that numbers one of the core.
pub(crate) trait Numbered: Copy + PartialEq + 'static {
    /// The core's.
    type Core: Copy + PartialEq + 'static;
    /// Every variant of the core's with its number.
    const ALL: &'static [(Self::Core, Self)];
    /// The number of one that is not there.
    const OTHER: Self;

    /// As a number.
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
