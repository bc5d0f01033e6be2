"""Who may come in: no default password, links that work once, attempts that are slowed down, tokens with scopes."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from failonce.model.account import Scope
from failonce.model.errors import NotAllowed, NotFound, TooManyAttempts, UsageError
from failonce.model.viewer import Role, Viewer
from failonce.store import credentials
from failonce.store.tables import metadata
from fix_book import ALL, EVE, later, stamp

GOOD, BAD = "correct horse battery", "wrong horse battery"
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """argon2 as it is, with a thousandth of the effort: it is slow on purpose."""
    monkeypatch.setattr(credentials, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def root(book):
    """The first admin."""
    return book.accounts.redeem(book.accounts.first_link(later(0)), "root", GOOD, later(1))


def editor(book, root, name="ada"):
    secret = book.accounts.invite(Role.EDITOR, ["payments"], stamp(root))
    return book.accounts.redeem(secret, name, GOOD, later(2))


# The first account


def test_the_first_start_makes_an_admin_through_a_link_and_there_is_no_password_before(book):
    assert book.accounts.is_empty()
    with pytest.raises(NotAllowed):
        book.accounts.log_in("admin", "admin", HERE, later(0))
    secret = book.accounts.first_link(later(0))
    assert book.accounts.redeem(secret, "root", GOOD, later(1)) == Viewer("root", Role.ADMIN)
    assert book.accounts.first_link(later(2)) is None
    assert book.accounts.log_in("root", GOOD, HERE, later(3)).role is Role.ADMIN


def test_a_link_works_once_and_not_for_ever(book, root):
    secret = book.accounts.invite(Role.VIEWER, [], stamp(root))
    with pytest.raises(NotAllowed, match="used up or has expired"):
        book.accounts.redeem(secret, "late", GOOD, later(0) + timedelta(days=4))
    book.accounts.redeem(secret, "eve", GOOD, later(5))
    for link in (secret, "failonce_link_guess"):
        with pytest.raises(NotAllowed, match="used up or has expired"):
            book.accounts.redeem(link, "eve2", GOOD, later(6))


def test_the_first_link_lasts_a_day(book):
    secret = book.accounts.first_link(later(0))
    with pytest.raises(NotAllowed, match="used up or has expired"):
        book.accounts.redeem(secret, "root", GOOD, later(86_400))


def test_a_second_first_link_ends_the_first(book):
    first = book.accounts.first_link(later(0))
    second = book.accounts.first_link(later(1))
    with pytest.raises(NotAllowed):
        book.accounts.redeem(first, "root", GOOD, later(2))
    book.accounts.redeem(second, "root", GOOD, later(2))


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("root", GOOD, "taken"), ("failonce", GOOD, "taken"), ("a b", GOOD, "no name"), ("ada", "short", "characters")],
)
def test_a_name_or_password_that_will_not_do_leaves_the_link_as_it_was(book, root, name, password, said):
    secret = book.accounts.invite(Role.EDITOR, [], stamp(root))
    with pytest.raises(UsageError, match=said):
        book.accounts.redeem(secret, name, password, later(2))
    assert book.accounts.redeem(secret, "ada", GOOD, later(3)).name == "ada"


# Passwords


def test_five_wrong_attempts_from_one_address_are_enough_for_a_while(book, root):
    for second in range(5):
        with pytest.raises(NotAllowed, match="wrong"):
            book.accounts.log_in("root", BAD, HERE, later(second))
    with pytest.raises(TooManyAttempts) as refused:
        book.accounts.log_in("root", GOOD, HERE, later(60))
    assert refused.value.retry_after_s == 840
    assert book.accounts.log_in("root", GOOD, "192.0.2.8", later(60)) == root
    assert book.accounts.log_in("root", GOOD, HERE, later(901)) == root


def test_one_address_is_slowed_down_over_all_names_and_an_unknown_name_reads_as_a_wrong_password(book, root):
    for number in range(20):
        with pytest.raises(NotAllowed, match="Name or password is wrong"):
            book.accounts.log_in(f"guess{number}", BAD, HERE, later(number))
    with pytest.raises(TooManyAttempts):
        book.accounts.log_in("root", GOOD, HERE, later(60))


def test_whoever_knew_it_in_the_end_starts_anew(book, root):
    for _ in range(2):
        for second in range(4):
            with pytest.raises(NotAllowed):
                book.accounts.log_in("root", BAD, HERE, later(second))
        assert book.accounts.log_in("root", GOOD, HERE, later(5)) == root


def test_a_new_password_ends_the_old_one_and_its_sessions(book, root):
    ada = editor(book, root)
    session = book.sessions.begin("ada", later(3), timedelta(hours=1))
    book.accounts.set_password("ada", "another horse battery", stamp(ada, 4))
    assert book.sessions.viewer(session, later(5)) is None
    with pytest.raises(NotAllowed):
        book.accounts.log_in("ada", GOOD, HERE, later(6))
    with pytest.raises(NotAllowed, match="takes an admin"):
        book.accounts.set_password("root", GOOD, stamp(ada))


def test_a_hash_made_with_less_effort_than_usual_is_made_anew_at_the_next_log_in(book, root, monkeypatch):
    def effort():
        with book._transactions.reading() as connection:
            return connection.execute(text("SELECT password_hash FROM accounts")).scalar_one().split("$")[3]

    assert effort() == "m=64,t=1,p=1"
    monkeypatch.setattr(credentials, "_hasher", lambda: PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    book.accounts.log_in("root", GOOD, HERE, later(3))
    assert effort() == "m=64,t=2,p=1"


def test_no_secret_is_kept_as_it_is(book, root):
    link = book.accounts.invite(Role.VIEWER, [], stamp(root))
    session = book.sessions.begin("root", later(3), timedelta(hours=1))
    _, token = book.tokens.make("root", "ci", [Scope.READ], stamp(root))
    with book._transactions.reading() as connection:
        kept = "".join(str(connection.execute(select(table)).all()) for table in metadata.sorted_tables)
    assert [secret for secret in (GOOD, link, session, token) if secret in kept] == []


# Sessions and accounts


def test_a_session_ends_by_time_by_hand_and_with_its_account(book, root):
    ada = editor(book, root)
    session = book.sessions.begin("ada", later(0), timedelta(hours=1))
    assert book.sessions.viewer(session, later(3599)) == ada == Viewer("ada", Role.EDITOR, frozenset(["payments"]))
    assert book.sessions.viewer(session, later(3600)) is None
    assert book.sessions.viewer("guess", later(0)) is None
    book.sessions.end(session)
    assert book.sessions.viewer(session, later(1)) is None
    session = book.sessions.begin("ada", later(0), timedelta(hours=1))
    book.accounts.change("ada", stamp(root), is_disabled=True)
    assert book.sessions.viewer(session, later(1)) is None
    with pytest.raises(NotAllowed):
        book.accounts.log_in("ada", GOOD, HERE, later(2))


def test_only_an_admin_manages_accounts_and_never_the_last_one_away(book, root):
    ada = editor(book, root)
    for manage in (
        lambda: book.accounts.all(ada),
        lambda: book.accounts.invite(Role.ADMIN, [], stamp(ada)),
        lambda: book.accounts.change("ada", stamp(ada), role=Role.ADMIN),
    ):
        with pytest.raises(NotAllowed, match="takes an admin"):
            manage()
    for change in ({"role": Role.VIEWER}, {"is_disabled": True}):
        with pytest.raises(UsageError, match="no admin"):
            book.accounts.change("root", stamp(root), **change)
    assert book.accounts.change("ada", stamp(root), groups=["b", "a"]).groups == ("a", "b")
    assert [a.name for a in book.accounts.all(root)] == ["ada", "root"]
    with pytest.raises(NotFound, match="no account nobody"):
        book.accounts.change("nobody", stamp(root), role=Role.VIEWER)


def test_whom_openid_connect_vouches_for_has_an_account_with_its_groups(book, root):
    first = book.accounts.welcome("https://id.example 42", "grace", Role.EDITOR, ["a"], later(0))
    assert first == Viewer("grace", Role.EDITOR, frozenset(["a"]))
    book.accounts.change("grace", stamp(root), role=Role.VIEWER)
    again = book.accounts.welcome("https://id.example 42", "other name", Role.EDITOR, ["b"], later(1))
    assert again == Viewer("grace", Role.VIEWER, frozenset(["b"]))
    with pytest.raises(UsageError, match="taken"):
        book.accounts.welcome("https://id.example 43", "root", Role.EDITOR, [], later(2))
    with pytest.raises(NotAllowed):
        book.accounts.log_in("grace", "", HERE, later(3))
    book.accounts.change("grace", stamp(root), is_disabled=True)
    with pytest.raises(NotAllowed, match="disabled"):
        book.accounts.welcome("https://id.example 42", "grace", Role.EDITOR, [], later(4))


# Tokens


def test_a_token_comes_in_as_its_account_with_no_more_than_its_scopes(book, root):
    ada = editor(book, root)
    _, read = book.tokens.make("ada", "dashboard", [Scope.READ], stamp(ada))
    _, write = book.tokens.make("ada", "ci", [Scope.READ, Scope.WRITE], stamp(ada))
    assert book.tokens.use(read, later(9)) == (Viewer("ada", Role.VIEWER, ada.groups), (Scope.READ,))
    assert book.tokens.use(write, later(9)) == (ada, (Scope.READ, Scope.WRITE))
    assert book.tokens.use("failonce_token_guess", later(9)) is None


def test_a_token_ends_by_time_by_hand_and_with_its_account(book, root):
    ada = editor(book, root)
    token, secret = book.tokens.make("ada", "ci", [Scope.READ], stamp(ada), expires_at=later(100))
    assert book.tokens.use(secret, later(99)) is not None
    assert book.tokens.use(secret, later(100)) is None
    book.tokens.revoke(token.id, stamp(ada))
    assert book.tokens.use(secret, later(9)) is None
    _, secret = book.tokens.make("ada", "ci", [Scope.READ], stamp(root))
    book.accounts.change("ada", stamp(root), is_disabled=True)
    assert book.tokens.use(secret, later(9)) is None


def test_tokens_of_others_are_an_admins_matter(book, root):
    ada = editor(book, root)
    bob = editor(book, root, "bob")
    token, _ = book.tokens.make("ada", "ci", [Scope.READ], stamp(ada))
    with pytest.raises(NotAllowed, match="takes an admin"):
        book.tokens.make("ada", "ci", [Scope.READ], stamp(bob))
    with pytest.raises(NotFound, match="no token"):
        book.tokens.revoke(token.id, stamp(bob))
    assert (book.tokens.of(bob), book.tokens.of(ada), book.tokens.of(root)) == ((), (token,), (token,))
    with pytest.raises(NotFound, match="no account nobody"):
        book.tokens.make("nobody", "ci", [Scope.READ], stamp(root))


def test_what_was_done_with_accounts_is_in_the_log(book, root):
    editor(book, root)
    acts = [entry.act for entry in book.audit.page(ALL).items]
    assert acts == ["account.made", "account.invited", "account.made"]
    with pytest.raises(NotAllowed):
        book.audit.page(EVE)
