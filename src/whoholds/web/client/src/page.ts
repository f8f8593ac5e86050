/** What every page has: the style sheet, and small comforts that pages do without. */

import "./page.css";
