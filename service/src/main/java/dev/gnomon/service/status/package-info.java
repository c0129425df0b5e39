/** What the service says of itself. */
package dev.gnomon.service.status;
