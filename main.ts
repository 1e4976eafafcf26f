/**
 * The program. The only file that ends the process.
 *
 * @module
 */

import { main } from "./src/cli/cli.ts";
import { door, exit, onBug } from "./src/host/door.ts";

onBug();
main(door).then(exit);
