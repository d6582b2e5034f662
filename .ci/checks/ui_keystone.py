"""The console of a server with a real Keystone: signing in, choosing a project, sharing with another one and accepting there."""

from keystone_rig import PASSWORD, Keystone
from ui_page import Console
from vitrine import HOST, MIB, Server, random_file, wait


def signing_in(check, directory, _):
    place = directory / "signed"
    place.mkdir()
    keystone = Keystone(place).start()
    server = Server(place, keystone.server_environment())
    server.start()
    page = Console(place, "signed", f"http://{HOST}:{server.port}")

    page.go()
    check.that("it asks who the user is", page.sees("Sign in"))
    enter(page, "demo", "wrong")
    check.that("a wrong password is refused", page.sees("is wrong"), page.text())
    enter(page, "demo", PASSWORD)
    check.that("the right one is not", page.sees("No images yet"), page.text())
    check.equal("nothing of it is stored", page.script("return [Object.keys(localStorage).length, Object.keys(sessionStorage).length, document.cookie]"), [0, 0, ""])

    file = random_file(place / "shared.raw", 2 * MIB, "shared")
    page.drop(file)
    page.press("Upload 1 image")
    check.that("an image arrives", page.reaches("shared.raw", "done"), page.course("shared.raw"))
    page.press("Show the image")
    page.press("Visibility")
    page.do("//dialog//select", lambda element: element.send_keys("shared"))
    page.press("Save", "//dialog")
    page.type("ID of a project", keystone.project("alt"))
    page.press("Share")
    check.that("another project is asked", page.sees("has not answered"), page.text())
    image = page.browser.current_url.rpartition("/")[2]

    page.script("location.hash = '#/service'")
    check.that("the operator's page is not for users", page.sees("for operators"), page.text())
    page.script("location.hash = arguments[0]", f"#/images/{image}")

    page.press("Sign out")
    check.that("it asks again", page.sees("Domain"))
    check.equal("where the user was is not kept", page.script("return location.hash"), "")
    enter(page, "alt", PASSWORD)
    check.that("the other project has it not in its list yet", page.sees("No images yet"), page.text())
    page.script("location.hash = arguments[0]", f"#/images/{image}")
    page.press("Accept")
    check.that("it can be accepted", page.sees("accepted"), page.text())
    page.press("Delete")
    page.press("Delete", "//dialog")
    check.that("what is not allowed is refused with the reason", wait(lambda: page.visible("//dialog//*[@role='alert']"), 20),
               page.texts("//dialog"))
    page.press("Cancel", "//dialog")
    page.script("location.hash = '#/images'")
    check.that("now it is in the list", page.sees("shared"), page.text())
    check.equal("complaints of the browser", page.log(), [])
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def enter(page, user, password):
    page.type("User", user)
    page.type("Password", password)
    page.press("Sign in")
