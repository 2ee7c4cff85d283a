// On paper nothing can be clicked: open every answer before printing, and close it again after.
"use strict";
(() => {
    let opened = [];
    window.addEventListener("beforeprint", () => {
        opened = [...document.querySelectorAll("details:not([open])")];
        opened.forEach((details) => { details.open = true; });
    });
    window.addEventListener("afterprint", () => {
        opened.forEach((details) => { details.open = false; });
    });
})();
