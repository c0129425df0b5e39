/** What happened to runs, in order, kept so that a client that was away can catch up. */
package dev.gnomon.service.event;
