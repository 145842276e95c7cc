using System.Globalization;
using GasTrace.Cli;

// SQL Server's client needs the system's cultures; the tool speaks the same everywhere all the same.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await Tool.RunAsync(args);
