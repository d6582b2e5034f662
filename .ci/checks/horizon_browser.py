"""A headless Chromium, and the scripts that read pages in it."""

import os

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from vitrine import at_exit

# Root may have no sandbox. Nothing is asked of anybody but the pages' own servers.
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--window-size=1500,1300",
             "--disable-background-networking", "--disable-component-update", "--disable-sync")


def start(home, script_seconds=60):
    """A browser that keeps all it writes in its home, a new directory."""
    home.mkdir()
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (*ARGUMENTS, f"--user-data-dir={home}/profile"):
        options.add_argument(argument)
    service = Service("/usr/bin/chromedriver", log_path=str(home / "driver.log"), env={**os.environ, "HOME": str(home)})
    browser = webdriver.Chrome(options=options, service=service)
    at_exit(browser.quit)
    browser.set_script_timeout(script_seconds)
    return browser


# Lists of terms: each with what follows it.
TERMS = """
return [...document.querySelectorAll('dt')].map(term => [term, term.nextElementSibling].map(each => each ? each.innerText.trim() : ''))
"""

# Tables of Angular and of Django alike: rows have as many headings as cells.
ROWS = """
const text = cell => cell.innerText.trim().replace(/\\s+/g, ' ')
const headings = [...document.querySelectorAll('table thead tr')].map(row => [...row.children].map(text))
return [...document.querySelectorAll('table tbody > tr')].map(row => {
  const cells = [...row.children], names = headings.findLast(each => each.length === cells.length) || []
  return Object.fromEntries(names.map((name, index) => [name, text(cells[index])]).filter(pair => pair[0]))
}).filter(row => Object.keys(row).length > 1)
"""
