/** What happens once, when the service has started. */
package dev.gnomon.service.startup;
