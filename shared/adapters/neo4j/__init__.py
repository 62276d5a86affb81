"""The taxonomy as a graph, in Neo4j or in any server of its Bolt protocol."""

from shared.adapters.neo4j.graph import Neo4jGraph

__all__ = ["Neo4jGraph"]
