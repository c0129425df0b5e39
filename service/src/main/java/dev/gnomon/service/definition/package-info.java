/** What the service asks of a definition: whether it is right, and what stands in lists. The reading is the engine's. */
package dev.gnomon.service.definition;
