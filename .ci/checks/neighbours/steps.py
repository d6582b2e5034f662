"""What the programs in Python share: steps that are printed, and who acts.

A program prints "ok   STEP" or "FAIL STEP" for each step; neighbours.py counts the lines.
"""

import os
import time

from keystoneauth1 import session
from keystoneauth1.identity import v3


def that(what, holds, detail=""):
    """Prints a step."""
    print(f"{'ok  ' if holds else 'FAIL'} {what}{f': {detail}' if detail != '' else ''}".replace("\n", " "), flush=True)


def equal(what, got, want):
    """Prints a step that wants a value."""
    that(what, got == want, got if got == want else f"got {got!r}, wanted {want!r}")


def refused(what, kind, action):
    """Prints a step that wants action() to raise an exception of a kind."""
    try:
        got = action()
    except Exception as error:
        that(what, isinstance(error, kind), f"{type(error).__name__}: {error}")
    else:
        that(what, False, f"not refused: {got!r}")


class User:
    """A user with a token, as the middleware of a service tells of one."""

    def __init__(self, name, project):
        auth = v3.Password(os.environ["OS_AUTH_URL"], username=name, password=os.environ["OS_PASSWORD"], user_domain_name="Default",
                           project_name=project, project_domain_name="Default")
        access = auth.get_access(session.Session())
        self.token, self.roles = access.auth_token, access.role_names
        self.id, self.project = access.user_id, access.project_id
        # The middleware hands on catalogs in the form of version 2.
        self.catalog = [{"type": service["type"], "name": service["name"], "endpoints": [_endpoint(service)]}
                        for service in access.service_catalog.catalog]


def _endpoint(service):
    return {"region": "RegionOne", **{f"{each['interface']}URL": each["url"] for each in service["endpoints"]}}


def demo():
    """A member of a project."""
    return User("demo", "demo")


def alt():
    """A member of another project."""
    return User("alt", "alt")


def admin():
    """An administrator."""
    return User("admin", "admin")


def eventually(condition, seconds=30):
    """Polls until condition() is true; whether it became so in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
