/**
 * The program. The only file that ends the process.
 *
 * @module
 */

import { main } from "./src/cli/cli.ts";
import { exit, onBug, realHost } from "./src/host/real.ts";

onBug();
realHost().then(main).then(exit);
