using System.Diagnostics.CodeAnalysis;

namespace Sagitta.Physics.Protons;

/// <summary>A chemical element as nuclear reactions see it.</summary>
/// <param name="Symbol">Chemical symbol.</param>
/// <param name="Protons">Z.</param>
/// <param name="MassNumber">Mean mass number, and g/mol (CODATA standard atomic weights, rounded).</param>
internal sealed record Element(string Symbol, int Protons, double MassNumber)
{
    private static readonly Element[] _known =
    [
        new("H", 1, 1.008), new("C", 6, 12.011), new("N", 7, 14.007), new("O", 8, 15.999), new("F", 9, 18.998), new("Al", 13, 26.982),
        new("Si", 14, 28.085), new("Ar", 18, 39.95), new("Ca", 20, 40.078), new("Fe", 26, 55.845), new("Cu", 29, 63.546),
    ];

    /// <summary>Symbols that <see cref="TryFind"/> knows.</summary>
    public static IEnumerable<string> Symbols => _known.Select(element => element.Symbol);

    /// <summary>The element of a symbol.</summary>
    public static bool TryFind(string symbol, [NotNullWhen(true)] out Element? element)
    {
        element = Array.Find(_known, candidate => candidate.Symbol == symbol);
        return element is not null;
    }
}
