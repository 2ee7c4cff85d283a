// What mdBook's pages lack for a reader who has no mouse, or does not see.
"use strict";
(() => {
    const BOXES = "main pre > code, main .table-wrapper, main .scroll";

    // What a box is called: its caption, or the heading above it.
    function nameOf(box) {
        const block = box.closest("pre, .table-wrapper, details.drawn") ?? box;
        const before = block.previousElementSibling;
        if (before?.matches(".caption")) {
            return before.textContent.trim();
        }
        const kind = box.matches("code") ? "Listing" : box.matches(".table-wrapper") ? "Table" : "Diagram";
        const headings = [...document.querySelectorAll("main :is(h1, h2, h3)")];
        const above = headings.findLast((heading) =>
            heading.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING);
        return above ? `${kind} in ${above.textContent.trim()}` : kind;
    }

    // A box that scrolls can have the focus, so that the arrow keys scroll it. One that does not
    // scroll is no stop for the Tab key.
    function measure(box) {
        if (box.scrollWidth > box.clientWidth) {
            box.tabIndex = 0;
            box.setAttribute("role", "group");
            box.setAttribute("aria-label", nameOf(box));
        } else if (box.getAttribute("role") === "group") {
            ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
        }
    }

    const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => measure(target)));
    for (const box of document.querySelectorAll(BOXES)) {
        measure(box);
        sizes.observe(box);
    }

    // The style sheet for paper makes the letters as small as the longest transcript needs.
    for (const code of document.querySelectorAll("main pre > code")) {
        code.style.setProperty("--lines", code.textContent.trimEnd().split("\n").length);
    }

    // The arrow keys belong to what has the focus; only then to mdBook, which turns the page. This
    // listener is inside of mdBook's, on the document, and outside of everything on the page.
    const KEEPERS = `${BOXES}, input, select, textarea, summary, .stepper`;
    document.body.addEventListener("keydown", (event) => {
        if (/^Arrow(Left|Right)$/.test(event.key) && event.target.closest(KEEPERS)?.contains(document.activeElement)) {
            event.stopPropagation();
        }
    });

    // mdBook marks the words of a search wherever they stand. In a picture a mark is no SVG, and the
    // word would be gone.
    const unmark = new MutationObserver((changes) => {
        for (const { target } of changes) {
            const marks = target.querySelectorAll("mark");
            marks.forEach((mark) => mark.replaceWith(...mark.childNodes));
            if (marks.length > 0) {
                target.normalize();
            }
        }
    });
    for (const svg of document.querySelectorAll("main svg")) {
        unmark.observe(svg, { childList: true, subtree: true });
    }

    // The sidebar's button is a label of a hidden checkbox: no key reaches it.
    const toggle = document.getElementById("mdbook-sidebar-toggle");
    if (toggle) {
        toggle.setAttribute("role", "button");
        toggle.tabIndex = 0;
        toggle.addEventListener("keydown", (event) => {
            if (event.key === "Enter" || event.key === " ") {
                event.preventDefault();
                toggle.click();
            }
        });
    }

    // A placeholder is gone when it is needed, and mdBook names a description that is not there.
    const bar = document.getElementById("mdbook-searchbar");
    if (bar) {
        bar.setAttribute("aria-label", "Search this book");
        bar.setAttribute("aria-describedby", "mdbook-searchresults-header");
    }

    // A task in a list has a box, and the box has no name.
    for (const box of document.querySelectorAll("main li > input[type=checkbox]:disabled")) {
        box.setAttribute("aria-label", box.parentElement.textContent.trim());
    }

    // mdBook nests the headings of a page without an entry between: not a list, to a screen reader.
    document.addEventListener("DOMContentLoaded", () => {
        for (const inner of document.querySelectorAll(".on-this-page ol > ol")) {
            const entry = document.createElement("li");
            inner.replaceWith(entry);
            entry.append(inner);
        }
    });
})();
