"""Pages of Horizon in a headless Chromium: what a user reads there and clicks on. Everything waits until it is there.

A row, a dialog or a button is found anew for each step, since Horizon draws its tables again while images change.
"""

import contextlib

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

import horizon_browser
from keystone_rig import PASSWORD
from vitrine import Failed, wait

SECONDS = 60  # for whatever is waited for
DIALOG = "//div[contains(@class,'modal-content')]"


class Page:
    """A browser of its own, in which one user works with one dashboard."""

    def __init__(self, directory, name):
        self.name, self.directory, self.origin = name, directory, None
        self.browser = horizon_browser.start(directory / f"chromium-{name}")

    def sign_in(self, origin, user, password=PASSWORD, path="/project/images"):
        """Signs in to the dashboard at that origin, and goes on to a path."""
        self.origin = origin
        self.browser.delete_all_cookies()
        self.open(f"/auth/login/?next={path}")
        self.fill("username", user)
        self.fill("password", password)
        self.click("//button[@id='loginBtn']")

    def open(self, path):
        self.browser.get(self.origin + path)

    # what is read

    def find(self, path, seconds=SECONDS):
        """The first element at an XPath that can be seen."""
        found = []
        if not wait(lambda: found.extend(self.visible(path)) or found, seconds):
            raise Failed(f"{self.name} sees no {path}")
        return found[0]

    def visible(self, path):
        with contextlib.suppress(WebDriverException):
            return [element for element in self.browser.find_elements(By.XPATH, path) if element.is_displayed()]
        return []

    def text(self):
        """All that can be read."""
        with contextlib.suppress(WebDriverException):
            return self.browser.find_element(By.TAG_NAME, "body").text
        return ""

    def texts(self, path):
        """The text of each element that can be seen."""
        with contextlib.suppress(WebDriverException):
            return [" ".join(element.text.split()) for element in self.visible(path)]
        return []

    def messages(self):
        """What Horizon tells above the page or in a dialog, such as Success: or Error:."""
        return [text for text in self.texts("//div[contains(@class,'alert')]") if text]

    def tells(self, text, seconds=SECONDS):
        """The first message with that text, once it comes up; an empty one if none does."""
        found = []
        wait(lambda: found.extend(message for message in self.messages() if text in message) or found, seconds)
        return found[0] if found else ""

    def rows(self):
        """The rows of the table, each as what its columns say."""
        with contextlib.suppress(WebDriverException):
            return self.browser.execute_script(horizon_browser.ROWS)
        return []

    def row(self, name):
        """The row of that name, or an empty one."""
        return next((row for row in self.rows() if row.get("Name") == name), {})

    def names(self):
        return [row["Name"] for row in self.rows() if "Name" in row]

    def details(self):
        """What a page of details says: term by term."""
        with contextlib.suppress(WebDriverException):
            return dict(self.browser.execute_script(horizon_browser.TERMS))
        return {}

    # what is done

    def do(self, path, action):
        """action(element) for what is at an XPath, tried again while the page is still moving."""
        failures = []

        def done():
            for element in self.visible(path)[:1]:
                try:
                    action(element)
                    return True
                except WebDriverException as error:
                    failures.append(error.msg)
            return False

        if not wait(done, SECONDS):
            raise Failed(f"{self.name} cannot use {path}: {failures[-1:] or 'it is not there'}")

    def click(self, path):
        self.do(path, lambda element: element.click())

    def press(self, text, inside=""):
        """Clicks on the button or link of that text."""
        self.click(f"{inside}//*[self::a or self::button][normalize-space()='{text}']|{inside}//input[@type='submit'][@value='{text}']")

    def act(self, name, action):
        """An action of a row's menu."""
        item = f"{row(name)}//*[self::a or self::button][normalize-space()='{action}']"
        if not self.visible(item):
            self.click(f"{row(name)}//*[contains(@class,'dropdown-toggle')]")
        self.click(item)

    def actions(self, name):
        """All actions that the menu of a row has."""
        self.find(row(name))
        items = self.browser.find_elements(By.XPATH, f"{row(name)}//td[contains(@class,'actions_column')]//*[self::a or self::button]")
        texts = [" ".join(item.get_attribute("textContent").split()) for item in items]
        return [text for text in texts if text not in ("", "Toggle Dropdown")]

    def choose_rows(self, *names):
        for name in names:
            self.click(f"{row(name)}//td[contains(@class,'multi_select_column')]//label")

    def fill(self, field, value):
        """Types into a field that is known by its name."""
        def type_over(element):
            element.clear()
            element.send_keys(str(value))
        self.do(f"//*[self::input or self::textarea][@name='{field}']", type_over)

    def choose_file(self, path):
        """Gives the dialog's file chooser a file."""
        chooser = "//input[@type='file']"
        if not wait(lambda: self.browser.find_elements(By.XPATH, chooser), SECONDS):
            raise Failed(f"{self.name} can choose no file")
        self.browser.find_element(By.XPATH, chooser).send_keys(str(path))

    def choose(self, label, option):
        """One of the buttons in a row behind a label; it is pressed again if the form still sets what it begins with."""
        button = f"//div[contains(@class,'form-group')][label[normalize-space()='{label}']]//label[normalize-space()='{option}']"
        self.find(button)

        def chosen():
            if self.visible(f"{button}[contains(@class,'active')]"):
                return True
            self.click(button)
            return False

        if not wait(chosen, SECONDS, interval=0.3):
            raise Failed(f"{self.name} cannot choose {option} of {label}")

    def select(self, field, option):
        self.do(f"//select[@name='{field}']", lambda element: Select(element).select_by_visible_text(option))

    def options(self, field):
        return [option.text for option in Select(self.find(f"//select[@name='{field}']")).options if option.text]

    def finish(self, text, seconds=SECONDS):
        """Ends a dialog by the button of that text; it has to go away."""
        self.press(text, DIALOG)
        if not wait(lambda: not self.visible(DIALOG), seconds):
            raise Failed(f"{self.name} still sees the dialog after {text}: {self.messages()}")

    def save(self):
        """Keeps a picture of the page, and what can be read on it; the path of the picture."""
        number = len(list(self.directory.glob("failed-*.png")))
        path = self.directory / f"failed-{number}-{self.name}.png"
        with contextlib.suppress(WebDriverException, OSError):
            self.browser.save_screenshot(str(path))
            path.with_suffix(".txt").write_text(f"{self.browser.current_url}\n{self.text()}\n{self.browser.get_log('browser')}\n")
        return path


def row(name):
    return f"//tbody/tr[td//a[normalize-space()='{name}']]"
