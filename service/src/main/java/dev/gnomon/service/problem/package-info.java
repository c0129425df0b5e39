/** Errors as clients see them: RFC 9457 problem details, with one entry for each place in a definition. */
package dev.gnomon.service.problem;
