"""Horizon, Debian's openstack-dashboard, on Vitrine with a real Keystone, as users see it in a headless Chromium.

Whatever is done on a page is looked for on the page, in the Image API and, for data, in its digest. Two dashboards differ in how
data is uploaded: "legacy" through Horizon, "direct" from the browser to Vitrine. There is no Nova: Horizon shows what the catalog has.

A failure takes a picture of each page, failed-*.png, beside the servers' logs in the check's directory; see CI_KEEP.
"""

import re

import horizon_rig
from vitrine import Check, install, short


class Watched(Check):
    """A check that keeps pictures of the pages when something does not hold."""

    stage = None

    def that(self, what, holds, detail=""):
        if not holds and self.stage:
            for page in self.stage.demo, self.stage.admin:
                self.note(f"picture: {page.save()}")
            self.note(f"the end of Vitrine's log:\n{self.stage.server.tail(15)}")
        return super().that(what, holds, detail)

    def told(self, what, page, text):
        """That a page tells the user something."""
        told = page.tells(text)
        return self.that(what, told, short(told or page.messages(), 400))


def main(check, directory):
    install(horizon_rig.PACKAGES)
    # These need Selenium, which is one of the packages.
    import horizon_changes as changes
    import horizon_images as images
    import horizon_metadefs as metadefs
    from horizon_stage import Stage
    check.stage = stage = Stage(directory)
    for step in (images.signing_in, images.lists, images.formats, images.through_the_dashboard, images.from_the_browser, changes.editing,
                 changes.metadata, changes.details, changes.filters, changes.deleting, metadefs.definitions):
        check.section(step.__name__.replace("_", " "))
        step(check, stage)
    check.equal("answers of 500 and more", [line for line in stage.log() if re.search(r" status=5\d\d ", line)], [])
    check.equal("it ends on SIGTERM", stage.server.stop() in (0, 143), True)


if __name__ == "__main__":
    Watched("horizon").run(main)
