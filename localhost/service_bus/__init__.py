"""A small Service Bus on loopback: AMQP 1.0 for the unmodified SDK, queues in SQLite.

From the outside in: `server` listens, `connection`, `session` and `links` speak AMQP over `frames` and the codec
(`types`, `decode`, `encode`); `broker`, `management` and `queue` are what a Service Bus does and know no AMQP link;
`message` is where both meet; `store` keeps what was promised.
"""
