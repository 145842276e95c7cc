using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace GasTrace.Ledger.SqlServer;

/// <summary>
/// Finds columns, written as alias.column, that their table has not. The model's own check passes over those in subqueries and
/// over those of table parameters, which is most of an append.
/// </summary>
internal sealed class QualifiedColumns
{
    private readonly Dictionary<string, HashSet<string>> tables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Faults of all batches, in order: what one defines, the next may use.</summary>
    public static List<string> Faults(IEnumerable<string> batches)
    {
        var columns = new QualifiedColumns();
        return [.. batches.SelectMany(columns.FaultsOf)];
    }

    private List<string> FaultsOf(string batch)
    {
        var script = new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(batch), out var errors);
        var definitions = new Definitions(tables);
        script.Accept(definitions);
        var statements = new Statements();
        script.Accept(statements);
        return [.. errors.Select(error => error.Message), .. statements.Found.SelectMany(statement => FaultsOf(statement, definitions.Variables))];
    }

    private IEnumerable<string> FaultsOf(TSqlStatement statement, Dictionary<string, HashSet<string>> variables)
    {
        var aliases = new Aliases(tables, variables);
        statement.Accept(aliases);
        foreach (var (alias, column) in aliases.Used)
        {
            if (!aliases.Known.TryGetValue(alias, out var known) || !known.Any(one => one.Contains(column)))
            {
                yield return $"{alias}.{column} is unknown";
            }
        }
    }

    private static HashSet<string> Columns(TableDefinition table) =>
        table.ColumnDefinitions.Select(column => column.ColumnIdentifier.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private sealed class Definitions(Dictionary<string, HashSet<string>> tables) : TSqlFragmentVisitor
    {
        public Dictionary<string, HashSet<string>> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

        public override void Visit(CreateTableStatement node) => tables[node.SchemaObjectName.BaseIdentifier.Value] = Columns(node.Definition);

        public override void Visit(CreateTypeTableStatement node) => tables[node.Name.BaseIdentifier.Value] = Columns(node.Definition);

        public override void Visit(DeclareTableVariableBody node) => Variables[node.VariableName.Value] = Columns(node.Definition);

        public override void Visit(ProcedureParameter node)
        {
            if (node.DataType is UserDataTypeReference { Name.BaseIdentifier.Value: var type })
            {
                Variables[node.VariableName.Value] = tables[type];
            }
        }
    }

    private sealed class Statements : TSqlFragmentVisitor
    {
        public List<TSqlStatement> Found { get; } = [];

        public override void Visit(DataModificationStatement node) => Found.Add(node);

        public override void Visit(SelectStatement node) => Found.Add(node);
    }

    private sealed class Aliases(Dictionary<string, HashSet<string>> tables, Dictionary<string, HashSet<string>> variables) : TSqlFragmentVisitor
    {
        // An alias may be used again in another subquery of the statement: then either table may have the column.
        public Dictionary<string, List<HashSet<string>>> Known { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<(string Alias, string Column)> Used { get; } = [];

        public override void Visit(NamedTableReference node)
        {
            if (tables.TryGetValue(node.SchemaObject.BaseIdentifier.Value, out var columns))
            {
                Add(node.Alias?.Value ?? node.SchemaObject.BaseIdentifier.Value, columns);
            }
        }

        public override void Visit(VariableTableReference node)
        {
            if (node.Alias is not null && variables.TryGetValue(node.Variable.Name, out var columns))
            {
                Add(node.Alias.Value, columns);
            }
        }

        public override void Visit(OpenJsonTableReference node) => Add(
            node.Alias.Value,
            node.SchemaDeclarationItems.Count == 0
                ? new(StringComparer.OrdinalIgnoreCase) { "key", "value", "type" }
                : node.SchemaDeclarationItems.Select(item => item.ColumnDefinition.ColumnIdentifier.Value).ToHashSet(StringComparer.OrdinalIgnoreCase));

        public override void Visit(QueryDerivedTable node) => Add(node.Alias.Value, Selected(node.QueryExpression));

        public override void Visit(ColumnReferenceExpression node)
        {
            if (node.MultiPartIdentifier is { Count: 2 } name)
            {
                Used.Add((name[0].Value, name[1].Value));
            }
        }

        private static HashSet<string> Selected(QueryExpression query) => query is BinaryQueryExpression { FirstQueryExpression: var first } ? Selected(first)
            : query is QuerySpecification select ? select.SelectElements.OfType<SelectScalarExpression>()
                .Select(element => element.ColumnName?.Value ?? (element.Expression as ColumnReferenceExpression)?.MultiPartIdentifier.Identifiers[^1].Value ?? string.Empty)
                .ToHashSet(StringComparer.OrdinalIgnoreCase)
            : [];

        private void Add(string alias, HashSet<string> columns)
        {
            if (!Known.TryGetValue(alias, out var known))
            {
                Known[alias] = known = [];
            }

            known.Add(columns);
        }
    }
}
