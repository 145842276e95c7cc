using GasTrace.Cli;

return await Tool.RunAsync(args).ConfigureAwait(false);
