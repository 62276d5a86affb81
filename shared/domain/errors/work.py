"""What models, runs and budgets cannot do, however often they are asked."""

from __future__ import annotations

from shared.domain.errors.kinds import Permanent


class BadModelRequest(Permanent):
    """The model refused the request as malformed."""

    code = "bad_model_request"


class ModelUnusable(BadModelRequest):
    """The model cannot be asked anything. Check its settings."""

    code = "model_unusable"


class SpendingLimit(ModelUnusable):
    """The month's spending limit for models is reached. Raise it, or go on next month: what was done is kept."""

    code = "spending_limit"


class ContentFiltered(Permanent):
    """The model's content filter blocked this text."""

    code = "content_filter"


class TooLong(Permanent):
    """The text is longer than the model can take."""

    code = "too_long"


class Truncated(Permanent):
    """The model's answer was cut off before its end."""

    code = "truncated"


class MalformedAnswer(Permanent):
    """The model's answer does not have the agreed form."""

    code = "malformed_answer"


class NothingToStudy(Permanent):
    """The project has no finished interviews. Upload some and wait until they are completed."""

    code = "nothing_to_study"


class NothingCoded(Permanent):
    """No passage gave a code with a quote that stands in the text, so there is nothing to build a theory on."""

    code = "nothing_coded"


class BudgetUsedUp(Permanent):
    """The run's budget of tokens is used up. What was coded is kept: a new run goes on from there."""

    code = "budget_exceeded"


class LeaseLost(Permanent):
    """Another run works on this project now; this one stops."""

    code = "lease_lost"
