// The page is complete without this. It opens a scenario that a link points to, and offers to open
// or close all: on paper too, what is closed is one line.
"use strict";
(() => {
	const all = () => document.querySelectorAll("details.scenario");
	const follow = () => {
		const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
		if (target && target.tagName === "DETAILS") {
			target.open = true;
			target.scrollIntoView();
		}
	};
	addEventListener("hashchange", follow);
	follow();

	if (all().length) {
		const button = document.createElement("button");
		button.type = "button";
		const name = () => {
			const open = [...all()].every((details) => details.open);
			button.textContent = open ? "Close all" : "Open all";
			return open;
		};
		button.addEventListener("click", () => {
			const open = name();
			all().forEach((details) => (details.open = !open));
			name();
		});
		document.addEventListener("toggle", name, true);
		document.getElementById("scenarios-title").append(" ", button);
		name();
	}
})();
