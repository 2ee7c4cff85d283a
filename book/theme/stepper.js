// Steps through a sequence diagram in virtual time, and marks the line of the transcript above it.
"use strict";
(() => {
    // A wait of the run is shown for as long as it took, but no shorter and no longer than this, in
    // milliseconds: a microsecond could not be seen, and an hour is too long to watch.
    const SHORTEST = 500;
    const LONGEST = 2000;

    const BUTTONS = [
        ["first", "First"],
        ["back", "Back"],
        ["play", "Play"],
        ["next", "Next"],
        ["last", "Last"],
    ];

    const seconds = (row) => Number(row.dataset.time);

    function element(name, attributes, text) {
        const made = document.createElement(name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        made.textContent = text;
        return made;
    }

    // The transcript's rows of text, each with its line's break.
    function transcriptOf(details) {
        const code = details.previousElementSibling?.querySelector("code");
        return code ? { code, rows: code.textContent.split(/(?<=\n)/) } : null;
    }

    class Stepper {
        constructor(details) {
            this.details = details;
            this.svg = details.querySelector(".diagram");
            this.rows = [...this.svg.querySelectorAll(".row")];
            this.transcript = transcriptOf(details);
            this.at = -1;
            this.timer = null;
            this.build();
        }

        build() {
            const title = this.svg.querySelector("title").textContent.trim();
            this.bar = element("div", {
                class: "stepper", role: "toolbar", "aria-label": `Step through: ${title}`,
            }, "");
            this.buttons = {};
            for (const [act, name] of BUTTONS) {
                const button = element("button", { type: "button", "data-act": act }, name);
                button.addEventListener("click", () => this.act(act));
                this.buttons[act] = button;
                this.bar.append(button);
            }
            this.said = element("output", {}, "");
            this.bar.append(this.said);
            this.details.append(this.bar);
            this.details.classList.add("stepped");
            this.bar.addEventListener("keydown", (event) => this.key(event));
            this.details.addEventListener("toggle", () => this.pause());
            this.rows.forEach((row, index) => {
                row.addEventListener("click", () => { this.pause(); this.go(index); });
            });
            this.show();
        }

        act(act) {
            if (act === "play") {
                if (this.timer === null) {
                    this.play();
                } else {
                    this.pause();
                }
                return;
            }
            this.pause();
            const to = { first: 0, back: this.at - 1, next: this.at + 1, last: this.rows.length - 1 };
            this.go(to[act]);
        }

        key(event) {
            const acts = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last" };
            const act = acts[event.key];
            if (act && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
                event.preventDefault();
                event.stopPropagation();
                this.act(act);
            }
        }

        play() {
            if (this.at >= this.rows.length - 1) {
                this.at = -1;
            }
            this.go(this.at + 1);
            this.wait();
        }

        // Waits for the next row as long as the run did.
        wait() {
            const next = this.rows[this.at + 1];
            if (!next) {
                this.pause();
                return;
            }
            const took = (seconds(next) - seconds(this.rows[this.at])) * 1000;
            this.timer = setTimeout(() => {
                this.go(this.at + 1);
                this.wait();
            }, Math.min(Math.max(took, SHORTEST), LONGEST));
            this.show();
        }

        pause() {
            clearTimeout(this.timer);
            this.timer = null;
            this.show();
        }

        go(index) {
            this.at = Math.min(Math.max(index, 0), this.rows.length - 1);
            this.show();
            this.rows[this.at].scrollIntoView({ block: "nearest", inline: "nearest" });
        }

        show() {
            this.details.classList.toggle("running", this.at >= 0);
            this.rows.forEach((row, index) => {
                row.classList.toggle("past", index < this.at);
                row.classList.toggle("now", index === this.at);
                row.classList.toggle("future", index > this.at);
            });
            const playing = this.timer !== null;
            this.buttons.play.setAttribute("aria-pressed", String(playing));
            this.said.textContent = this.at < 0
                ? `${this.rows.length} steps`
                : `${this.at + 1}/${this.rows.length}  ${this.rows[this.at].dataset.time} s  ${this.words()}`;
            this.mark();
        }

        // The current step in words: the transcript's, or the arrow's where it has none.
        words() {
            const row = this.rows[this.at];
            const lines = this.lines(row);
            if (lines) {
                return lines.join("").slice(9).replace(/\s+/g, " ").trim();
            }
            const texts = [...row.querySelectorAll("text:not(.time):not(.later)")];
            return `wire ${texts.map((text) => text.textContent.trim()).join(" ")}`;
        }

        lines(row) {
            if (!this.transcript || row.dataset.line === undefined) {
                return null;
            }
            const from = Number(row.dataset.line);
            return this.transcript.rows.slice(from, from + Number(row.dataset.lines));
        }

        mark() {
            if (!this.transcript) {
                return;
            }
            const { code, rows } = this.transcript;
            const row = this.rows[this.at];
            const lines = row && this.lines(row);
            if (!lines) {
                code.textContent = rows.join("");
                return;
            }
            const from = Number(row.dataset.line);
            const text = lines.join("");
            const end = text.endsWith("\n") ? "\n" : "";
            code.replaceChildren(
                rows.slice(0, from).join(""),
                element("mark", { class: "now" }, text.slice(0, text.length - end.length)),
                end + rows.slice(from + lines.length).join(""),
            );
        }
    }

    document.querySelectorAll("details.drawn").forEach((details) => new Stepper(details));
})();
