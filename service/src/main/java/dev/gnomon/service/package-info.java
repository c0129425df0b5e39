/** The service: experiments, runs, queue and results, over REST and server-sent events. */
package dev.gnomon.service;
