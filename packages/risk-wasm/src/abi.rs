//! What a host calls: requests and answers in this module's memory, by address and length.
//!
//! Addresses and lengths have 32 bits; a function's answer is both in one number, the address in
//! its upper half.

#![allow(
    unsafe_code,
    reason = "memory is handed over by address: a host has no other way into a wasm module"
)]

use std::alloc::Layout;
use std::{ptr, slice};

use crate::evaluate;

/// Memory for `length` bytes, to be handed back with [`free`]; 0 if there is none.
#[unsafe(no_mangle)]
extern "C" fn alloc(length: usize) -> *mut u8 {
    match Layout::array::<u8>(length) {
        // SAFETY: the layout's size is not zero.
        Ok(layout) if length > 0 => unsafe { std::alloc::alloc(layout) },
        _ => ptr::null_mut(),
    }
}

/// Takes memory back.
///
/// # Safety
/// `address` is what [`alloc`] or a function answered, `length` what it was asked for or answered
/// with, and this memory has not been handed back before.
#[unsafe(no_mangle)]
unsafe extern "C" fn free(address: *mut u8, length: usize) {
    match Layout::array::<u8>(length) {
        // SAFETY: the caller's promise. An answer is a boxed slice, whose layout is this one.
        Ok(layout) if length > 0 && !address.is_null() => unsafe {
            std::alloc::dealloc(address, layout);
        },
        _ => {}
    }
}

macro_rules! exports {
    ($($name:ident),*) => {$(
        #[doc = concat!("[`evaluate::", stringify!($name), "`].")]
        ///
        /// # Safety
        /// `length` bytes are at `address`, and nobody writes there meanwhile.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name(address: *const u8, length: usize) -> u64 {
            // SAFETY: the caller's promise.
            hand_over(evaluate::$name(unsafe { request(address, length) }))
        }
    )*};
}

exports!(margin, liquidation_prices, liquidation_plan, largest_change);

/// # Safety
/// As for the exports.
unsafe fn request<'a>(address: *const u8, length: usize) -> &'a [u8] {
    if address.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(address, length) }
}

/// Leaves an answer in memory until the host hands it back.
fn hand_over(answer: Vec<u8>) -> u64 {
    let answer = Box::leak(answer.into_boxed_slice());
    let (address, length) = (answer.as_ptr().addr(), answer.len());
    // Both have 32 bits on wasm, where this is compiled alone.
    ((address as u64) << 32) | length as u64
}
