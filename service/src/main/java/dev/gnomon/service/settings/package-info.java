/** What the service is told at its start. */
package dev.gnomon.service.settings;
