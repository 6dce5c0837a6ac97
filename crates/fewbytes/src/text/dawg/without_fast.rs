//! What stands for the fast layout where the library is built without it (feature `dawg-fast`): nothing is, or can be, laid out so.
//! A program that only has small ones is 60 KB of code smaller.

use super::layout::Census;
use super::register::States;
use crate::text::{Cursor, Place, Prefix, Values};
use crate::{Error, Result};
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::Range;

/// There is none.
#[derive(Clone, Copy, Debug)]
enum Never {}

pub const LINK_BYTES: core::ops::RangeInclusive<u32> = 3..=5;

fn refused<T>() -> Result<T> {
    let operation = "be in its fast layout in a program without the feature `dawg-fast`";
    Err(Error::Unsupported { structure: "dawg", operation })
}

#[derive(Clone, Copy, Debug)]
pub struct Shape(Never);

impl Shape {
    pub fn read(_body: &[u8], _width: u32) -> Result<Self> {
        refused()
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Fast<'a>(Never, PhantomData<&'a ()>);

impl<'a> Fast<'a> {
    pub fn new(_body: &'a [u8], shape: &'a Shape) -> Self {
        match shape.0 {}
    }
    pub fn contains(self, _key: &[u8]) -> bool {
        match self.0 {}
    }
    pub fn id_of(self, _key: &[u8]) -> Option<u64> {
        match self.0 {}
    }
    pub fn look_up<const COUNTED: bool, K: AsRef<[u8]>>(
        self,
        _keys: impl Iterator<Item = K>,
        _told: impl FnMut(usize, Option<u64>),
    ) {
        match self.0 {}
    }
    pub fn key_of(self, _id: u64, _longest: usize, _key: &mut Vec<u8>) -> bool {
        match self.0 {}
    }
    pub fn span(self, _prefix: &[u8], _len: u64) -> Range<u64> {
        match self.0 {}
    }
    pub fn prefixes_of(self, _text: &'a [u8], _values: Option<Values<'a>>) -> core::iter::Empty<Prefix> {
        match self.0 {}
    }
}

#[derive(Clone, Debug)]
pub struct FastCursor<'a>(Never, PhantomData<&'a ()>);

impl<'a> FastCursor<'a> {
    pub fn new(fast: Fast<'a>, _longest: usize, _values: Option<Values<'a>>) -> Self {
        match fast.0 {}
    }
}

impl Cursor for FastCursor<'_> {
    fn path(&self) -> &[u8] {
        match self.0 {}
    }
    fn is_key(&self) -> bool {
        match self.0 {}
    }
    fn id(&self) -> Option<u64> {
        match self.0 {}
    }
    fn value(&self) -> Option<u64> {
        match self.0 {}
    }
    fn place(&self) -> Option<Place> {
        match self.0 {}
    }
    fn enter(&mut self, _label: u8) -> bool {
        match self.0 {}
    }
    fn enter_from(&mut self, _least: u8) -> bool {
        match self.0 {}
    }
    fn advance(&mut self) -> bool {
        match self.0 {}
    }
    fn leave(&mut self) -> bool {
        match self.0 {}
    }
}

pub struct Writer<'a>(Never, PhantomData<&'a ()>);

impl<'a> Writer<'a> {
    pub fn new(_states: &'a States, _census: &'a Census) -> Result<(Self, u64)> {
        refused()
    }
    pub fn link_bytes(&self) -> u32 {
        match self.0 {}
    }
    pub fn heap_bytes(&self) -> u64 {
        match self.0 {}
    }
    pub fn write(self, _bytes: &mut [u8]) {
        match self.0 {}
    }
}
