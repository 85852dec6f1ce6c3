using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sagitta.Mutation;

/// <summary>
/// Writes all chosen mutants into one source file at once, each behind a switch: <c>a + b</c> becomes <c>(Is(17) ? a - b : a + b)</c>. So
/// the sources are compiled once. The changed side holds no further switch, and the text grows linearly with its depth.
/// </summary>
/// <param name="model">What the names in the file mean.</param>
/// <param name="area">The area that the file belongs to.</param>
/// <param name="file">Path from the root of the repository.</param>
/// <param name="catalogue">Counts the places and knows the chosen ones.</param>
internal sealed class SourceMutator(SemanticModel model, string area, string file, MutantCatalogue catalogue) : CSharpSyntaxRewriter
{
    /// <summary>The assembly of the switch.</summary>
    public const string Assembly = "Sagitta.MutantSwitch";

    private const string Switch = "global::Sagitta.Mutation.MutantSwitch.Is";

    private static readonly Dictionary<string, string> _operators = Pairs("+ -", "- +", "* /", "/ *", "% *", "& |", "| &", "<< >>", ">> <<",
        "< <=", "<= <", "> >=", ">= >", "== !=", "!= ==", "&& ||", "|| &&", "+= -=", "-= +=", "*= /=", "/= *=", "|= &=", "&= |=");

    // Functions of vectors and numbers whose place another can take.
    private static readonly Dictionary<string, string> _functions = Pairs("Min Max", "Max Min", "MaxOrNaN Min", "And Or", "Or And",
        "AndNot And", "LessThan LessOrEqual", "LessOrEqual LessThan");

    // Statements without which results are the same: they give back memory or refuse misuse by a programmer.
    private static readonly string[] _kept = ["Dispose(", ".Return(", "KeepAlive(", "Assert(", "ThrowIf", "Trim("];

    public override SyntaxNode? Visit(SyntaxNode? node) => node switch
    {
        AttributeListSyntax or PatternSyntax or SwitchLabelSyntax or ThrowStatementSyntax or ThrowExpressionSyntax
            or EnumMemberDeclarationSyntax or ParameterSyntax => node,
        TypeSyntax when node.Parent is not (ExpressionSyntax or ArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax
            or ReturnStatementSyntax) => node,
        FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword) => node,
        LocalDeclarationStatementSyntax { IsConst: true } => node,
        ExpressionSyntax expression when IsNumber(expression) => Constant(expression),
        _ => base.Visit(node),
    };

    public override SyntaxNode? VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        SyntaxNode inner = base.VisitBinaryExpression(node)!;
        string sign = node.OperatorToken.Text;
        if (!_operators.TryGetValue(sign, out string? other) || Declares(node)
            || model.GetTypeInfo(node).Type?.SpecialType is SpecialType.System_String or SpecialType.System_Object)
        {
            return inner;
        }

        string kind = sign is "<" or "<=" or ">" or ">=" ? "bound" : sign is "==" or "!=" or "&&" or "||" ? "logic" : "arithmetic";
        return Choose(node, kind, $"{node.Left} {other} {node.Right}", inner);
    }

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        SyntaxNode inner = base.VisitPrefixUnaryExpression(node)!;
        return node.Kind() switch
        {
            SyntaxKind.UnaryMinusExpression => Choose(node, "sign", node.Operand.ToString(), inner),
            SyntaxKind.LogicalNotExpression when node.Parent is not IfStatementSyntax && !Declares(node) =>
                Choose(node, "logic", node.Operand.ToString(), inner),
            _ => inner,
        };
    }

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (node.Expression is IdentifierNameSyntax { Identifier.Text: "nameof" })
        {
            return node;
        }

        SyntaxNode inner = base.VisitInvocationExpression(node)!;
        string[] arguments = [.. node.ArgumentList.Arguments.Select(argument => argument.ToString())];
        string name = node.Expression is MemberAccessExpressionSyntax member ? member.Name.Identifier.Text : node.Expression.ToString();
        string before = node.Expression.ToString()[..^name.Length];
        if (node.Parent is ExpressionStatementSyntax || Declares(node)
            || !node.Expression.ToString().EndsWith(name, StringComparison.Ordinal))
        {
            return inner;
        }

        return (name, arguments.Length) switch
        {
            (_, <= 2) when _functions.TryGetValue(name, out string? other) =>
                Choose(node, "function", $"{before}{other}{node.ArgumentList}", inner),
            ("Select", 3) => Choose(node, "logic", $"{node.Expression}({arguments[0]}, {arguments[2]}, {arguments[1]})", inner),
            ("MultiplyAdd" or "FusedMultiplyAdd", 3) =>
                Choose(node, "sign", $"(({arguments[0]}) * ({arguments[1]}) - ({arguments[2]}))", inner),
            ("Abs", 1) => Choose(node, "function", arguments[0], inner),
            _ => inner,
        };
    }

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node) =>
        Negated(node.Condition, (IfStatementSyntax)base.VisitIfStatement(node)!, n => n.Condition, (n, c) => n.WithCondition(c));

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) =>
        Negated(node.Condition, (WhileStatementSyntax)base.VisitWhileStatement(node)!, n => n.Condition, (n, c) => n.WithCondition(c));

    public override SyntaxNode? VisitConditionalExpression(ConditionalExpressionSyntax node) => Negated(node.Condition,
        (ConditionalExpressionSyntax)base.VisitConditionalExpression(node)!, n => n.Condition, (n, c) => n.WithCondition(c));

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node)
    {
        ForStatementSyntax inner = (ForStatementSyntax)base.VisitForStatement(node)!;
        return node.Condition is null ? inner : Negated(node.Condition, inner, n => n.Condition!, (n, c) => n.WithCondition(c));
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        string text = node.ToString();
        if (Array.Exists(_kept, text.Contains))
        {
            return node;
        }

        StatementSyntax inner = (StatementSyntax)base.VisitExpressionStatement(node)!;
        if (Declares(node) || (node.Expression is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } first
            && MayBeFirst(first.Left)))
        {
            return inner;
        }

        if (node.Expression is AssignmentExpressionSyntax assignment
            && _operators.TryGetValue(assignment.OperatorToken.Text, out string? other)
            && model.GetTypeInfo(assignment).Type?.SpecialType != SpecialType.System_String)
        {
            inner = Chosen(node, "arithmetic", $"{assignment.Left} {other} {assignment.Right};",
                (number, after) => $"{{ if ({Switch}({number})) {after} else {inner} }}", inner);
        }

        return Removed(node, inner);
    }

    public override SyntaxNode? VisitContinueStatement(ContinueStatementSyntax node) => node.Parent is SwitchSectionSyntax ? node
        : Removed(node, node);

    public override SyntaxNode? VisitBreakStatement(BreakStatementSyntax node) => node.Parent is SwitchSectionSyntax ? node
        : Removed(node, node);

    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) => node.Expression is null
        && node.Parent is not SwitchSectionSyntax
        ? Removed(node, node) : base.VisitReturnStatement(node);

    private static Dictionary<string, string> Pairs(params string[] pairs) =>
        pairs.Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf().Any(part => part is SingleVariableDesignationSyntax
        || (part is ArgumentSyntax argument && argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword)));

    private static string Member(SyntaxNode node) => node.Ancestors().Select(part => part switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        ConstructorDeclarationSyntax or OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax or IndexerDeclarationSyntax =>
            part.Kind().ToString().Replace("Declaration", "", StringComparison.Ordinal),
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    }).First(name => name is not null)!;

    // A number known to the compiler, be it written out, computed or named.
    private bool IsNumber(ExpressionSyntax node)
    {
        bool isName = node is IdentifierNameSyntax
            && node.Parent is MemberAccessExpressionSyntax or NameColonSyntax or NameEqualsSyntax or QualifiedNameSyntax;
        TypeInfo type = model.GetTypeInfo(node);
        if (isName || type.Type?.TypeKind != TypeKind.Struct || type.ConvertedType is null or { TypeKind: TypeKind.Enum }
            || node is not (LiteralExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or IdentifierNameSyntax
            or MemberAccessExpressionSyntax))
        {
            return false;
        }

        return model.GetConstantValue(node).Value switch
        {
            double value => double.IsFinite(value),
            float value => float.IsFinite(value),
            int value => value != int.MaxValue,
            long value => value != long.MaxValue,
            uint value => value != uint.MaxValue,
            ulong value => value != ulong.MaxValue,
            byte or short or ushort or sbyte => true,
            _ => false,
        };
    }

    private SyntaxNode Constant(ExpressionSyntax node)
    {
        TypeInfo type = model.GetTypeInfo(node);
        bool isNumber = type.ConvertedType?.SpecialType is (>= SpecialType.System_SByte and <= SpecialType.System_Double)
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
        ITypeSymbol target = isNumber ? type.ConvertedType! : type.Type!;
        return Chosen(node, "constant", node is BinaryExpressionSyntax ? $"({node}) + 1" : $"{node} + 1",
            (number, after) => $"(({target.ToDisplayString()})({Switch}({number}) ? {after} : {node}))", node);
    }

    // A local or an output that has no value before this assignment.
    private bool MayBeFirst(ExpressionSyntax left) => left is TupleExpressionSyntax || model.GetSymbolInfo(left).Symbol switch
    {
        IParameterSymbol parameter => parameter.RefKind == RefKind.Out,
        ILocalSymbol local => local.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax() is not VariableDeclaratorSyntax { Initializer: not null }),
        IFieldSymbol => left is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } && MayBeFirst(owner),
        _ => false,
    };

    private SyntaxNode Choose(ExpressionSyntax node, string kind, string after, SyntaxNode inner) =>
        Chosen(node, kind, after, (number, changed) => $"({Switch}({number}) ? {changed} : {inner})", inner);

    private T Negated<T>(ExpressionSyntax condition, T inner, Func<T, ExpressionSyntax> get, Func<T, ExpressionSyntax, T> with)
        where T : SyntaxNode
    {
        if (Declares(condition) || condition.IsKind(SyntaxKind.TrueLiteralExpression))
        {
            return inner;
        }

        return with(inner, Chosen(condition, "logic", $"!({condition})",
            (number, _) => $"({Switch}({number}) != ({get(inner)}))", get(inner)));
    }

    private StatementSyntax Removed(StatementSyntax node, StatementSyntax inner) =>
        Chosen(node, "removed", "", (number, _) => $"{{ if (!{Switch}({number})) {inner} }}", inner);

    private T Chosen<T>(SyntaxNode node, string kind, string after, Func<int, string, string> write, T inner)
        where T : SyntaxNode
    {
        int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        if (catalogue.Take(area, file, line, kind, Member(node), node.ToString(), after) is not { } number)
        {
            return inner;
        }

        SyntaxNode written = inner is StatementSyntax
            ? SyntaxFactory.ParseStatement(write(number, after))
            : SyntaxFactory.ParseExpression(write(number, after));
        return (T)(SyntaxNode)written.WithTriviaFrom(inner);
    }
}
