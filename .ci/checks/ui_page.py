"""The console in a headless Chromium: what a user sees there and does. Everything waits until it is there."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from horizon_pages import Page
from vitrine import MIB, Failed, wait

SECONDS = 60
WIDE, NARROW = (1280, 900), (390, 844)

# Files come to the page as if a user dropped them: those of a field made for it.
DROP = """
const data = new DataTransfer(), field = document.getElementById('dropped')
for (const file of field.files) data.items.add(file)
field.remove()
for (const name of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }))
"""

# What of the page is wider than the window, and what the page asked for at other origins.
TOO_WIDE = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOREIGN = "return performance.getEntriesByType('resource').map(each => each.name).filter(name => !name.startsWith(location.origin + '/'))"
AXE = """
const done = arguments[arguments.length - 1]
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(result =>
  done(result.violations.map(each => `${each.impact} ${each.id}: ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ')}`)))
"""


class Console(Page):
    """A browser of its own with the console of a server."""

    def __init__(self, directory, name, base):
        super().__init__(directory, name)
        self.base = base
        self.browser.set_window_size(*WIDE)

    def go(self, place=""):
        """Opens a view by its address, as a bookmark does."""
        self.browser.get("about:blank")
        self.browser.get(f"{self.base}/ui/{place}")

    # what is seen

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def sees(self, text, seconds=SECONDS):
        return wait(lambda: text in self.text(), seconds)

    def images(self):
        """The names in the list."""
        return [element.text for element in self.visible("//table//tbody//th/a")]

    def course(self, name):
        """How far the upload of a file is: its phase and the percentage shown."""
        found = self.script("""
            const item = [...document.querySelectorAll('li.upload')].find(each => each.querySelector('strong').textContent === arguments[0])
            return item && [item.dataset.phase, item.querySelector('progress')?.value ?? 0, item.innerText]""", name)
        return found or ["", 0, ""]

    def reaches(self, name, phase, seconds=SECONDS):
        return wait(lambda: self.course(name)[0] == phase, seconds)

    # what is done

    def drop(self, path):
        """Drops a file somewhere on the page."""
        self.script("const field = document.createElement('input'); field.type = 'file'; field.id = 'dropped'; document.body.append(field)")
        self.browser.find_element(By.ID, "dropped").send_keys(str(path))
        self.script(DROP)

    def type(self, label, value):
        """Types into the field of that label."""
        def over(element):
            element.send_keys(Keys.CONTROL, "a")
            element.send_keys(value)
        self.do(f"//label[span[normalize-space()='{label}']]//input", over)

    def set(self, label, option):
        self.do(f"//label[span[normalize-space()='{label}']]//select", lambda element: Select(element).select_by_visible_text(option))

    def key(self, *keys):
        self.browser.switch_to.active_element.send_keys(*keys)

    def tab_to(self, text, most=60):
        """Presses Tab until the element of that text has the focus."""
        for _ in range(most):
            self.key(Keys.TAB)
            focused = self.browser.switch_to.active_element
            if focused.tag_name != "body" and text in ((focused.get_attribute("aria-label") or "") + focused.text):
                return focused
        raise Failed(f"Tab does not come to {text}")

    def throttle(self, mib_per_second):
        """Limits what leaves the browser; 0: it is offline; None: no limit."""
        bound = -1 if mib_per_second is None else int(mib_per_second * MIB)
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions",
                                     {"offline": mib_per_second == 0, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bound})

    # how it looks

    def theme(self, name):
        """What the system prefers."""
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def size(self, width, height):
        """The window's inside. A headless window is never narrower than 500, so the page is told another width."""
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def faults(self, axe):
        """What axe-core has to say against the page."""
        self.script(axe)
        return self.browser.execute_async_script(AXE)

    def picture(self, path):
        height = self.script("return document.documentElement.scrollHeight")
        width = self.script("return innerWidth")
        self.size(width, min(max(height, 600), 3000))
        self.browser.save_screenshot(str(path))

    def log(self):
        """What the browser complained of, such as what its security policy stopped; failed requests are no complaint."""
        lines = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        return [line for line in lines if "Failed to load resource" not in line and "net::ERR" not in line]

