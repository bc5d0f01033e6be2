"""`failonce account`: who may come in to the pages and the API."""

from __future__ import annotations

import click

from failonce.cli.stores import printable, store_option
from failonce.model.account import Scope
from failonce.model.viewer import Role

_ROLES = click.Choice([role.value for role in Role])
_SCOPES = click.Choice([scope.value for scope in Scope])


@click.group()
def command() -> None:
    """Say who may come in to the pages and the API: accounts, links that make one, tokens for programs."""


@command.command("list")
@store_option
def list_accounts(store: str | None) -> None:
    """List the accounts and the tokens, without any secret."""
    from failonce.app.accounts import accounts, tokens

    for account in accounts(store):
        groups = f"  in {', '.join(account.groups)}" if account.groups else ""
        click.echo(f"{account.name:<24} {account.role:<8}{groups}{'  disabled' if account.is_disabled else ''}")
    for token in tokens(store):
        ends = f" until {token.expires_at:%Y-%m-%d}" if token.expires_at else ""
        over = "  revoked" if token.revoked_at else ""
        scopes = ", ".join(token.scopes)
        click.echo(f"token {token.id}  of {token.account}: {scopes}{ends}, for {printable(token.purpose)}{over}")


@command.command("invite")
@click.option("--role", type=_ROLES, default="viewer", show_default=True, help="What the account may do.")
@click.option("--group", "groups", multiple=True, help="A group whose private incidents it may see. May be repeated.")
@store_option
def invite_somebody(role: str, groups: tuple[str, ...], store: str | None) -> None:
    """Print a link that makes one account, once, within three days. Whoever opens it chooses name and password."""
    from failonce.app.accounts import invite

    click.echo(f"/welcome/{invite(store, Role(role), groups)}")
    click.secho("Put the address of your failonce in front, and send it to one person.", err=True)


@command.command("change")
@click.argument("name")
@click.option("--role", type=_ROLES, help="What the account may do from now on.")
@click.option("--group", "groups", multiple=True, help="The groups it is in from now on, all of them.")
@click.option("--disable/--enable", "is_disabled", default=None, help="Whether it may still come in.")
@store_option
def change_account(
    name: str, role: str | None, groups: tuple[str, ...], is_disabled: bool | None, store: str | None
) -> None:
    """Change the account NAME; it has to log in again."""
    from failonce.app.accounts import change

    account = change(store, name, role=Role(role) if role else None, groups=groups or None, is_disabled=is_disabled)
    click.echo(f"{account.name} is {account.role}{', disabled' if account.is_disabled else ''}")


@command.command("token")
@click.argument("name")
@click.option("--purpose", required=True, help="What it is for, such as 'the dashboard in the hall'.")
@click.option(
    "--scope", "scopes", multiple=True, type=_SCOPES, default=("read",), show_default=True, help="May be repeated."
)
@click.option("--days", type=click.IntRange(1, 3650), help="How long it holds.  [default: until it is revoked]")
@store_option
def make_token(name: str, purpose: str, scopes: tuple[str, ...], days: int | None, store: str | None) -> None:
    """Print a token for a program, which comes in as the account NAME. It is shown once."""
    from failonce.app import accounts

    token, secret = accounts.make_token(store, name, purpose, tuple(Scope(scope) for scope in scopes), days)
    click.echo(secret)
    click.secho(f"Token {token.id}, shown once. Send it as: Authorization: Bearer TOKEN", err=True)


@command.command("revoke")
@click.argument("token")
@store_option
def revoke_token(token: str, store: str | None) -> None:
    """Make a TOKEN useless, by its id as `failonce account list` has it."""
    from failonce.app import accounts

    accounts.revoke_token(store, token)
    click.echo(f"token {token} is revoked")
