"""Every query that the graph is asked, in the Cypher that Neo4j and ArcadeDB both speak.

Ids are unique over tenants, and still every query names tenant and project: a node that belongs to somebody else is not
touched, and the number of rows that a batch wrote tells of it. Ids stand in the pattern and owners in the WHERE, since
ArcadeDB otherwise looks nodes up by project and then walks over all of them (2,500 codes: 26 s instead of 5).
"""

from __future__ import annotations

from dataclasses import dataclass

OURS = "tenant_id: $tenant_id, project_id: $project_id"


def _is_ours(*names: str) -> str:
    return " AND ".join(f"{name}.tenant_id = $tenant_id AND {name}.project_id = $project_id" for name in names)


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of node, and the columns of its rows besides `id`."""

    label: str
    columns: tuple[str, ...]

    @property
    def schema(self) -> tuple[str, str]:
        """Constraint and index."""
        name = self.label.lower()
        return (
            f"CREATE CONSTRAINT {name}_id IF NOT EXISTS FOR (n:{self.label}) REQUIRE n.id IS UNIQUE",
            f"CREATE INDEX {name}_project IF NOT EXISTS FOR (n:{self.label}) ON (n.tenant_id, n.project_id)",
        )

    @property
    def merge(self) -> str:
        """Write a batch of `$rows`, and say how many were."""
        written = ", ".join(f"n.{column} = row.{column}" for column in self.columns)
        return (
            f"UNWIND $rows AS row MERGE (n:{self.label} {{id: row.id}}) "
            f"ON CREATE SET n.tenant_id = $tenant_id, n.project_id = $project_id "
            f"WITH n, row WHERE {_is_ours('n')} SET {written} RETURN count(n) AS n"
        )

    @property
    def present(self) -> str:
        """The keys that the graph holds."""
        return f"MATCH (n:{self.label} {{{OURS}}}) RETURN n.id AS id"

    @property
    def remove(self) -> str:
        """Remove a batch of `$rows` of keys, and what hangs on them."""
        return f"UNWIND $rows AS row MATCH (n:{self.label} {{id: row.id}}) WHERE {_is_ours('n')} DETACH DELETE n"

    @property
    def count(self) -> str:
        """How many there are."""
        return f"MATCH (n:{self.label} {{{OURS}}}) RETURN count(n) AS n"


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of relation from `source` to `target` nodes; `key` columns tell parallel ones apart."""

    type: str
    source: Node
    target: Node
    source_key: str
    target_key: str
    key: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return (self.source_key, self.target_key, *self.key)

    @property
    def merge(self) -> str:
        """Write a batch of `$rows`, and say how many were."""
        written = ", ".join(f"r.{column} = row.{column}" for column in self.columns)
        values = f"SET {written} " if written else ""
        return f"UNWIND $rows AS row {self._ends} MERGE {self._arrow} {values}RETURN count(r) AS n"

    @property
    def present(self) -> str:
        """The keys that the graph holds."""
        told_apart = "".join(f", r.{column} AS {column}" for column in self.key)
        return f"{self._all} RETURN a.id AS {self.source_key}, b.id AS {self.target_key}{told_apart}"

    @property
    def remove(self) -> str:
        """Remove a batch of `$rows` of keys."""
        return f"UNWIND $rows AS row {self._ends} MATCH {self._arrow} DELETE r"

    @property
    def count(self) -> str:
        """How many there are."""
        return f"{self._all} RETURN count(r) AS n"

    @property
    def _ends(self) -> str:
        return (
            f"MATCH (a:{self.source.label} {{id: row.{self.source_key}}}), "
            f"(b:{self.target.label} {{id: row.{self.target_key}}}) WHERE {_is_ours('a', 'b')}"
        )

    @property
    def _arrow(self) -> str:
        told_apart = "".join(f", {column}: row.{column}" for column in self.key)
        return f"(a)-[r:{self.type} {{{OURS}{told_apart}}}]->(b)"

    @property
    def _all(self) -> str:
        return (
            f"MATCH (a:{self.source.label} {{{OURS}}})-[r:{self.type} {{{OURS}}}]->(b:{self.target.label} {{{OURS}}})"
        )


CODE = Node("Code", ("label", "definition", "applications"))
CATEGORY = Node("Category", ("label", "definition", "core"))
DOCUMENT = Node("Document", ("name",))
BELONGS_TO = Relation("BELONGS_TO", CODE, CATEGORY, "code_id", "category_id")
RELATES_TO = Relation("RELATES_TO", CATEGORY, CATEGORY, "source_id", "target_id", key=("kind",), columns=("statement",))
MENTIONS = Relation("MENTIONS", DOCUMENT, CODE, "document_id", "code_id", columns=("quotes",))

NODES = (CODE, CATEGORY, DOCUMENT)
RELATIONS = (BELONGS_TO, RELATES_TO, MENTIONS)
