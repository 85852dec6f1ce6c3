namespace Sagitta.Physics.Protons;

/// <summary>What a proton can meet in a stack of slabs taken as mixed: probabilities per mm, tabulated over energy.</summary>
internal sealed class NuclearTargets
{
    private const double EnergyStep = 2.5;
    private const double Avogadro = 6.02214076e23;
    private const double GramPerCubicMillimetre = 1e-3;
    private readonly Element[] _elements;
    private readonly double[] _inelastic;
    private readonly double[] _elastic;
    private readonly double[] _total;
    private readonly int _nodes = (int)(RangeTable.Highest / EnergyStep) + 2;

    /// <summary>Tabulates slabs; thicknesses are weights.</summary>
    public NuclearTargets(IReadOnlyList<CompoundSlab> slabs)
    {
        double length = slabs.Sum(slab => slab.Thickness);
        var densities = slabs
            .SelectMany(slab => slab.Material.Elements.Select(part => (
                part.Element,
                Number: part.MassFraction * slab.Material.Density * GramPerCubicMillimetre * Avogadro / part.Element.MassNumber
                    * slab.Thickness / length)))
            .GroupBy(part => part.Element)
            .Select(group => (Element: group.Key, Number: group.Sum(part => part.Number)))
            .ToArray();
        _elements = [.. densities.Select(part => part.Element)];
        _inelastic = new double[_nodes * _elements.Length];
        _elastic = new double[_nodes * _elements.Length];
        _total = new double[_nodes];
        for (int i = 0; i < _nodes; i++)
        {
            for (int e = 0; e < _elements.Length; e++)
            {
                _inelastic[(i * _elements.Length) + e] = densities[e].Number * NuclearCrossSections.Inelastic(_elements[e], i * EnergyStep);
                _elastic[(i * _elements.Length) + e] = densities[e].Number * NuclearCrossSections.Elastic(_elements[e], i * EnergyStep);
                _total[i] += _inelastic[(i * _elements.Length) + e] + _elastic[(i * _elements.Length) + e];
            }
        }
    }

    /// <summary>Probability of any reaction per mm.</summary>
    public double Total(double energy)
    {
        double at = Math.Clamp(energy, 0, RangeTable.Highest) * (1 / EnergyStep);
        int i = (int)at;
        return _total[i] + ((at - i) * (_total[i + 1] - _total[i]));
    }

    /// <summary>Which element a reaction is with, and whether it is inelastic, at a quantile in (0, 1).</summary>
    public (Element Element, bool Inelastic) Choose(double energy, double quantile)
    {
        int row = (int)(Math.Clamp(energy, 0, RangeTable.Highest) * (1 / EnergyStep));
        double target = quantile * _total[row];
        for (int e = 0; e < _elements.Length; e++)
        {
            target -= _inelastic[(row * _elements.Length) + e];
            if (target < 0)
            {
                return (_elements[e], true);
            }

            target -= _elastic[(row * _elements.Length) + e];
            if (target < 0)
            {
                return (_elements[e], false);
            }
        }

        return (_elements[^1], false);
    }
}
