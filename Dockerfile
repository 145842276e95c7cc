# The tool with its runtime, nothing else: no shell, no package manager, not root. "extra" brings ICU, which SQL Server's client needs.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY proto proto
COPY src src
RUN dotnet publish src/GasTrace.Cli -c Release -o /app --no-self-contained

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
# Settings come from the environment and from files of secrets; the root file system may be read-only.
ENV DOTNET_EnableDiagnostics=0 \
    GASTRACE__LISTEN__ADDRESS=0.0.0.0 \
    GASTRACE__LISTEN__PORT=5080
EXPOSE 5080
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["dotnet", "/app/gastrace.dll", "health", "--server", "http://127.0.0.1:5080"]
ENTRYPOINT ["dotnet", "/app/gastrace.dll"]
CMD ["serve"]
