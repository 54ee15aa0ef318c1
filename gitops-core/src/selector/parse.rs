//! The text grammar.

use super::{Operator, Requirement, Selector, SelectorError};
use smol_str::SmolStr;
use std::str::FromStr;

/// A decimal integer with an optional sign, as Go's `ParseInt` reads it.
pub(super) fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// A key or a value, or one of the words `in` and `notin`.
    Word(&'a str),
    /// One of `! != = == < > ( ) ,`.
    Symbol(&'a str),
    End,
}

impl Token<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Symbol(text) => text,
            Self::End => "",
        }
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self, Self::Symbol(text) if *text == symbol)
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let mut parser = Parser { rest: text, len: text.len() };
        let mut requirements = Vec::new();
        if parser.peek() == Token::End {
            return Ok(Self::default());
        }
        loop {
            requirements.push(parser.requirement()?);
            match parser.next() {
                Token::End => return Ok(Self::new(requirements)),
                token if token.is(",") => {}
                token => return Err(parser.unexpected(token, "',' or the end")),
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    len: usize,
}

impl<'a> Parser<'a> {
    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        let absent = self.peek().is("!");
        if absent {
            self.next();
        }
        let key = match self.next() {
            Token::Word(key) => SmolStr::new(key),
            token => return Err(self.unexpected(token, "a label key")),
        };
        super::check_label_key(&key).map_err(|source| SelectorError::Key { key: key.to_string(), source })?;
        let next = self.peek();
        if next == Token::End || next.is(",") {
            return Requirement::new(key, if absent { Operator::DoesNotExist } else { Operator::Exists });
        }
        let token = self.next();
        let operator = match token {
            _ if absent => return Err(self.unexpected(token, "',' or the end")),
            Token::Symbol("=" | "==") => Operator::In(vec![self.value()?]),
            Token::Symbol("!=") => Operator::NotIn(vec![self.value()?]),
            Token::Symbol(">") => Operator::GreaterThan(self.bound(&key)?),
            Token::Symbol("<") => Operator::LessThan(self.bound(&key)?),
            Token::Word("in") => Operator::In(self.values()?),
            Token::Word("notin") => Operator::NotIn(self.values()?),
            token => return Err(self.unexpected(token, "'=', '!=', '==', 'in', 'notin', '<' or '>'")),
        };
        Requirement::new(key, operator)
    }

    /// The value after `=` and the like; empty at the end and before a comma.
    fn value(&mut self) -> Result<SmolStr, SelectorError> {
        let next = self.peek();
        if next == Token::End || next.is(",") {
            return Ok(SmolStr::default());
        }
        match self.next() {
            Token::Word(value) => Ok(SmolStr::new(value)),
            token => Err(self.unexpected(token, "a label value")),
        }
    }

    fn bound(&mut self, key: &str) -> Result<i64, SelectorError> {
        let value = self.value()?;
        let (key, text) = (key.to_owned(), value.to_string());
        match super::check_label_value(&value) {
            Ok(()) => integer(&value).ok_or(SelectorError::NotANumber { key, value: text }),
            Err(source) => Err(SelectorError::Value { key, value: text, source }),
        }
    }

    /// `(a, b)`, sorted and without repetition. Next to a comma without a word stands the empty value.
    fn values(&mut self) -> Result<Vec<SmolStr>, SelectorError> {
        match self.next() {
            token if token.is("(") => {}
            token => return Err(self.unexpected(token, "'('")),
        }
        let mut values = Vec::new();
        loop {
            let mut value = SmolStr::default();
            if let Token::Word(word) = self.peek() {
                self.next();
                value = SmolStr::new(word);
            }
            values.push(value);
            match self.next() {
                token if token.is(",") => {}
                token if token.is(")") => break,
                token => return Err(self.unexpected(token, "',' or ')'")),
            }
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    fn peek(&self) -> Token<'a> {
        Parser { rest: self.rest, len: self.len }.next()
    }

    fn next(&mut self) -> Token<'a> {
        let text = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let symbol =
            ["==", "!=", "!", "=", "<", ">", "(", ")", ","].into_iter().find(|s| text.starts_with(s));
        let word = text.find(|c| " \t\r\n=!<>(),".contains(c)).unwrap_or(text.len());
        let (token, rest) = text.split_at(symbol.map_or(word, str::len));
        self.rest = rest;
        match symbol {
            Some(_) => Token::Symbol(token),
            None if token.is_empty() => Token::End,
            None => Token::Word(token),
        }
    }

    fn unexpected(&self, token: Token<'_>, expected: &'static str) -> SelectorError {
        let found = token.text().to_owned();
        let offset = self.len - self.rest.len() - found.len();
        SelectorError::Unexpected { found, offset, expected }
    }
}
