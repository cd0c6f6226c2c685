"""Settings, from the environment or a `.env` file; refused at the start where they are wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from relief.kernel.errors import Invalid, Problem, refuse
from relief.kernel.text import CHINESE, LOCALES, _, is_plain


class Settings(BaseSettings):
    """What an office sets from outside. README lists each (a test compares)."""

    model_config = SettingsConfigDict(
        env_prefix="RELIEF_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    data_dir: Path = Path("data")
    database_url: str = ""
    secret_key: SecretStr | None = None
    field_keys: SecretStr | None = None
    timezone: str = "Asia/Shanghai"
    locale: Literal["zh_Hans_CN", "en"] | None = None
    env: Literal["development", "production"] = "development"
    clock: dt.datetime | None = None
    backup_dir: Path | None = None
    nightly_backup: bool = True
    public_page: bool = True
    pages_url: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = True
    smtp_from: str = ""
    proxies: int = Field(default=0, ge=0, le=5)
    # What stands on letters and printed lists; without an English name the other one does for both.
    office_name: str = Field(default="", max_length=60)
    office_name_en: str = Field(default="", max_length=80)
    # Where and when petitioners find it: at the foot of letters, and on the public page.
    office_address: str = Field(default="", max_length=120)
    office_phone: str = Field(default="", max_length=60)
    office_hours: str = Field(default="", max_length=120)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as fault:
            raise ValueError(f"unknown time zone {value!r}") from fault
        return value

    @field_validator(
        "office_name", "office_name_en", "office_address", "office_phone", "office_hours"
    )
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not is_plain(value) or any(each in value for each in "\n\r\t"):
            raise ValueError("words in one line")
        return value.strip()

    @property
    def office_titles(self) -> dict[str, str]:
        """The office's name in every language."""
        usual = {"zh": "困难职工帮扶中心", "en": "Help Centre for Workers in Hardship"}
        if not self.office_name:
            return {**usual, "en": self.office_name_en or usual["en"]}
        return {"zh": self.office_name, "en": self.office_name_en or self.office_name}

    @property
    def office_found(self) -> tuple[str, str, str]:
        """Its address, its phone and its hours; "" where nobody said it."""
        return (self.office_address, self.office_phone, self.office_hours)

    @field_validator("pages_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("no address of pages")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The zone of all dates and quarters."""
        return ZoneInfo(self.timezone)

    @property
    def locale_unasked(self) -> str:
        """The language of what is written for somebody who chose none and is not there to ask: the
        office's, else Chinese, which every office reads."""
        return self.locale or CHINESE

    @property
    def url(self) -> str:
        """The database's address: the one set, else a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'relief.db'}"

    @property
    def rehearsal_start(self) -> dt.datetime | None:
        """Where the rehearsal clock is set to, as an aware instant (local time when not said)."""
        if self.clock is None:
            return None
        return self.clock if self.clock.tzinfo else self.clock.replace(tzinfo=self.zone)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; every wrong one is named, with what would be right."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as fault:
        raise Invalid(_setting_problem(error) for error in fault.errors()) from fault
    except UnicodeDecodeError as fault:
        raise refuse(
            Invalid,
            "setting.not_utf8",
            _("This file is not UTF-8; save it as UTF-8 (in the editor's dialogue: encoding)."),
            ".env",
        ) from fault


def _setting_problem(error: object) -> Problem:
    assert isinstance(error, dict)
    name = "RELIEF_" + ".".join(str(part) for part in error["loc"]).upper()
    hints = {
        "RELIEF_CLOCK": "2005-06-15T09:00",
        "RELIEF_LOCALE": " | ".join(LOCALES),
        "RELIEF_ENV": "development | production",
        "RELIEF_NIGHTLY_BACKUP": "yes | no",
        "RELIEF_PUBLIC_PAGE": "yes | no",
        "RELIEF_PAGES_URL": "https://relief.example.org",
        "RELIEF_SMTP_PORT": "587",
        "RELIEF_SMTP_STARTTLS": "yes | no",
        "RELIEF_PROXIES": "0 … 5",
        "RELIEF_TIMEZONE": "Asia/Shanghai",
        "RELIEF_OFFICE_NAME": "某县总工会困难职工帮扶中心",
        "RELIEF_OFFICE_NAME_EN": "Help Centre, County Federation of Trade Unions",
        "RELIEF_OFFICE_ADDRESS": "某县人民路1号",
        "RELIEF_OFFICE_PHONE": "0123-4567890",
        "RELIEF_OFFICE_HOURS": "周一至周五 8:30–12:00，14:00–17:30",
    }
    return Problem(
        "setting.wrong",
        _(
            '"{value}" cannot be used here; it should look like {hint}.',
            value=str(error.get("input"))[:60],
            hint=hints.get(name, "…"),
        ),
        field=name,
    )
