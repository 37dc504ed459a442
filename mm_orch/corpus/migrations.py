"""The tables of local documents, and how they came to their present shape."""

from __future__ import annotations

import sqlite3

from mm_orch.database import Migrations

MIGRATIONS = Migrations("corpus")


@MIGRATIONS
def create_documents_and_passages(connection: sqlite3.Connection) -> None:
    """A document's passages go with it, and a passage's words with the passage, whatever deletes them."""
    connection.execute(
        "CREATE TABLE corpus_documents (id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, "
        "origin TEXT NOT NULL, title TEXT NOT NULL, media_type TEXT NOT NULL, sha256 TEXT NOT NULL, "
        "size INTEGER NOT NULL, mtime_ns INTEGER, shape INTEGER NOT NULL, added REAL NOT NULL)"
    )
    connection.execute("CREATE INDEX corpus_documents_of_origin ON corpus_documents (origin)")
    connection.execute(
        "CREATE TABLE corpus_texts (document INTEGER PRIMARY KEY "
        "REFERENCES corpus_documents(id) ON DELETE CASCADE, text TEXT NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE corpus_passages (id INTEGER PRIMARY KEY, "
        "document INTEGER NOT NULL REFERENCES corpus_documents(id) ON DELETE CASCADE, "
        "heading TEXT NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL)"
    )
    connection.execute("CREATE INDEX corpus_passages_of_document ON corpus_passages (document)")
    # The words come separated by spaces, so everything else belongs to a word ("c++", "3.14").
    connection.execute(
        "CREATE VIRTUAL TABLE corpus_words USING fts5(title, heading, text, "
        "tokenize = \"unicode61 remove_diacritics 2 categories 'L* M* N* P* S* C*'\")"
    )
    connection.execute(
        "CREATE TRIGGER corpus_passage_deleted AFTER DELETE ON corpus_passages "
        "BEGIN DELETE FROM corpus_words WHERE rowid = old.id; END"
    )


@MIGRATIONS
def create_vectors(connection: sqlite3.Connection) -> None:
    """What embedding models make of a passage goes with it."""
    connection.execute(
        "CREATE TABLE corpus_vectors (passage INTEGER NOT NULL "
        "REFERENCES corpus_passages(id) ON DELETE CASCADE, model TEXT NOT NULL, vector BLOB NOT NULL, "
        "PRIMARY KEY (passage, model))"
    )


@MIGRATIONS
def create_vocabulary(connection: sqlite3.Connection) -> None:
    """A view of all words that occur, to find other forms of a word."""
    connection.execute("CREATE VIRTUAL TABLE corpus_vocabulary USING fts5vocab(corpus_words, row)")
