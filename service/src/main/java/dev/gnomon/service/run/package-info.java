/** Runs: the queue, who executes what, and what came out. */
package dev.gnomon.service.run;
