"""Saved views belong to one person."""

from __future__ import annotations

import pytest

from zeroline.domain.errors import DomainError
from zeroline.services.views import LONGEST_TREE, SavedViews


@pytest.fixture
def views(warehouse) -> SavedViews:
    return SavedViews(warehouse.database)


def test_a_view_is_kept_under_its_name(warehouse, views):
    me = warehouse.people.supervisor
    changes = views.save(me, "queue negative", " Zone B ", '{"zone": "B"}')
    [kept] = views.list(me, "queue negative")
    assert (kept.name, kept.tree) == ("Zone B", '{"zone": "B"}')
    assert changes.views == {kept.id}
    assert views.list(me, "queue repeat") == ()


def test_a_name_used_again_replaces_the_view(warehouse, views):
    me = warehouse.people.supervisor
    views.save(me, "queue negative", "Mine", '{"a": 1}')
    views.save(me, "queue negative", "Mine", '{"a": 2}')
    assert [kept.tree for kept in views.list(me, "queue negative")] == ['{"a": 2}']


def test_nobody_sees_or_deletes_the_view_of_another(warehouse, views):
    views.save(warehouse.people.supervisor, "queue negative", "Mine", "{}")
    [kept] = views.list(warehouse.people.supervisor, "queue negative")
    assert views.list(warehouse.people.manager, "queue negative") == ()
    with pytest.raises(DomainError) as refused:
        views.delete(warehouse.people.manager, kept.id)
    assert refused.value.code == "view-unknown"


def test_a_view_is_deleted(warehouse, views):
    me = warehouse.people.supervisor
    views.save(me, "queue negative", "Mine", "{}")
    views.delete(me, views.list(me, "queue negative")[0].id)
    assert views.list(me, "queue negative") == ()


@pytest.mark.parametrize(
    ("name", "tree", "code"),
    [
        ("", "{}", "view-name"),
        ("x" * 61, "{}", "view-name"),
        ("ok", "{", "view-unreadable"),
        ("ok", '"' + "x" * LONGEST_TREE + '"', "view-unreadable"),
    ],
)
def test_what_cannot_be_a_view_is_refused(warehouse, views, name, tree, code):
    with pytest.raises(DomainError) as refused:
        views.save(warehouse.people.supervisor, "queue negative", name, tree)
    assert refused.value.code == code
