using System.Globalization;
using GasTrace.Cli;

// SQL Server's client needs the system's cultures; numbers and dates are written the same everywhere all the same.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = Language.IsChinese ? CultureInfo.GetCultureInfo("zh-Hans") : CultureInfo.InvariantCulture;
return await Tool.RunAsync(args);
