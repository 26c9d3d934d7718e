"""Settings: development is safe by itself, production refuses what is not."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

import config
from config import LOOPBACK, Unsafe, new_key, settings

PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "4b7c1f0e9a2d6853b7c1f0e9a2d6853f",
    "ENCRYPTION_KEYS": f"{new_key()},{new_key()}",
    "DIGEST_KEY": new_key(),
    "BASE_URL": "https://icp.example.cn/",
    "TRUSTED_HOSTS": "icp.example.cn",
}
# Drawn once: the names of tests are the same in every process.
ONE_KEY = "R8w-fxcISLCMq4qbm31d53QkwuLX53k8MCUfH-BsFBQ="
UNSAFE = [
    ("SECRET_KEY", "", "SECRET_KEY"),
    ("SECRET_KEY", "dev", "SECRET_KEY"),
    ("SECRET_KEY", "a" * 64, "SECRET_KEY"),
    ("ENCRYPTION_KEYS", "", "ENCRYPTION_KEYS"),
    ("ENCRYPTION_KEYS", "bm90IGxvbmcgZW5vdWdo", "ENCRYPTION_KEYS"),
    ("ENCRYPTION_KEYS", "A" * 43 + "=", "ENCRYPTION_KEYS"),
    ("DIGEST_KEY", "", "DIGEST_KEY"),
    ("DIGEST_KEY", "密钥", "DIGEST_KEY"),
    ("BASE_URL", "", "BASE_URL"),
    ("BASE_URL", "http://icp.example.cn", "BASE_URL"),
    ("TRUSTED_HOSTS", "", "TRUSTED_HOSTS"),
    ("TRUSTED_HOSTS", "*", "TRUSTED_HOSTS"),
    ("DEBUG", "1", "DEBUG"),
    ("FLASK_DEBUG", "true", "DEBUG"),
    ("CLOCK_OFFSET_FILE", "/var/clock", "CLOCK_OFFSET_FILE"),
    ("MIIT_PAGES", "maybe", "MIIT_PAGES"),
    ("MIIT_PACE", "slow", "MIIT_PACE"),
    ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES"),
    # What is mistyped would else be found out by the first person who needs it.
    ("BASE_URL", "https://[::1", "BASE_URL"),
    ("BASE_URL", "https://icp.example.cn:99999", "BASE_URL"),
    ("BASE_URL", "https:// icp.example.cn", "BASE_URL"),
    ("TRUSTED_HOSTS", "https://icp.example.cn", "TRUSTED_HOSTS"),
    ("TRUSTED_HOSTS", "a.example.cn;b.example.cn", "TRUSTED_HOSTS"),
    ("TRUSTED_HOSTS", "*.example.cn", "TRUSTED_HOSTS"),
    ("TRUSTED_HOSTS", ".", "TRUSTED_HOSTS"),
    ("ENCRYPTION_KEYS", f"{ONE_KEY} {ONE_KEY}", "ENCRYPTION_KEYS"),
    ("ENCRYPTION_KEYS", f"{ONE_KEY};{ONE_KEY}", "ENCRYPTION_KEYS"),
    ("DATABASE_URL", "postgresq://u@h/d", "DATABASE_URL"),
    ("DATABASE_URL", "postgresql://u:secret@h:port/d", "DATABASE_URL"),
    ("DATABASE_URL", "mysql://u:secret@h/d", "DATABASE_URL"),
    ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL"),
    ("DATABASE_URL", "console.sqlite3", "DATABASE_URL"),
    ("MATERIALS_URL", "nosuch://bucket/folder", "MATERIALS_URL"),
    ("RATELIMIT_STORAGE_URI", "redis//host", "RATELIMIT_STORAGE_URI"),
    ("RATELIMIT_STORAGE_URI", "redis://host:badport", "RATELIMIT_STORAGE_URI"),
    ("RULEBOOK", "Aliyun", "RULEBOOK"),
    ("HTMX_URL", "cdn.example.cn/htmx", "HTMX_URL"),
    ("SESSION_IDLE_MINUTES", "0", "SESSION_IDLE_MINUTES"),
    ("SESSION_ABSOLUTE_HOURS", "99999999999", "SESSION_ABSOLUTE_HOURS"),
]
BLANKS = ("DATABASE_URL", "MATERIALS_URL", "RATELIMIT_STORAGE_URI", "RULEBOOK", "HTMX_URL",
          "PROVIDER_NAME", "METRICS_TOKEN", "TRUSTED_PROXIES")  # fmt: skip


@pytest.mark.parametrize(("name", "value", "named"), UNSAFE)
def test_production_refuses_an_unsafe_setting_and_names_it(
    name: str, value: str, named: str
) -> None:
    with pytest.raises(Unsafe) as refusal:
        settings(PRODUCTION | {name: value})
    assert named in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(value) < 4 or value not in str(refusal.value)


def test_production_with_everything_set_starts_without_the_mock_phone() -> None:
    chosen = settings(PRODUCTION)
    assert chosen["MIIT_PAGES"] is False
    assert chosen["BASE_URL"] == "https://icp.example.cn"
    assert chosen["TRUSTED_HOSTS"] == ["icp.example.cn"]
    assert chosen["SESSION_COOKIE_NAME"] == "__Host-session"
    assert chosen["SESSION_COOKIE_SECURE"] is True
    assert len(chosen["ENCRYPTION_KEYS"]) == 2
    assert settings(PRODUCTION | {"MIIT_PAGES": "on"})["MIIT_PAGES"] is True
    shouted = settings(PRODUCTION | {"TRUSTED_HOSTS": "ICP.Example.cn"})
    assert shouted["TRUSTED_HOSTS"] == ["icp.example.cn"]


def test_blanks_are_no_setting_and_blanks_around_one_are_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    assert settings(PRODUCTION | dict.fromkeys(BLANKS, " ")) == settings(PRODUCTION)
    padded = {name: f" {value} " for name, value in PRODUCTION.items() if name != "APP_ENV"}
    chosen = settings(PRODUCTION) | {"SECRET_KEY": padded["SECRET_KEY"]}
    assert settings({"APP_ENV": "production", **padded}) == chosen


def test_a_refusal_to_start_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=config.ROOT,
        env={"APP_ENV": "production", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1
    assert "set SECRET_KEY" in run.stderr


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(Unsafe, match="APP_ENV"):
        settings({"APP_ENV": "staging"})


def test_development_answers_to_loopback_whatever_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    assert settings({"TRUSTED_HOSTS": "icp.example.cn"})["TRUSTED_HOSTS"] == LOOPBACK


def test_development_makes_its_keys_once_and_for_the_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    first, second = settings({}), settings({})
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DIGEST_KEY"):
        assert first[name] == second[name]
    (file,) = (tmp_path / "instance").glob("keys*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_given_in_development_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    key = new_key()
    assert settings({"DIGEST_KEY": key})["DIGEST_KEY"] == key


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_a_postgresql_address_gets_the_driver_that_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    chosen = settings({"DATABASE_URL": url})
    assert chosen["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(("given", "chosen"), [("", False), ("off", False), ("on", True)])
def test_papers_are_demanded_where_the_deployment_says_so(given: str, chosen: bool) -> None:
    assert settings({"MATERIALS_REQUIRED": given})["MATERIALS_REQUIRED"] is chosen
