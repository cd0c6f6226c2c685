"""Tables of what is typed and not recorded yet. None of it is a record: rows go when they are old
or done with, and no instant of record is taken for them."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant


class Draft(SQLModel, table=True):
    """What a user has typed into a form so far; nobody else reads it.

    `form` names the form (`contact`, `case:P2005-0001:accept`). The fields are sealed under
    `draft.fields:<owner>:<form>`. `version_seen` is the version of the case that was on the screen.
    """

    owner: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    sealed_fields: bytes
    version_seen: int | None = None
    saved_at: dt.datetime = instant(index=True)


class FormOnce(SQLModel, table=True):
    """A form that was sent, by the key it was shown with: what was made of it (`reference`), and a
    keyed hash of what stood in it (`body_index`)."""

    __tablename__ = "form_once"

    key: str = Field(primary_key=True)
    owner: str
    reference: str = ""
    body_index: str = ""
    at: dt.datetime = instant(index=True)
