namespace Sagitta.Tracking.ResidualRange;

/// <summary>From ranges on the scale of <see cref="LayerDepths"/>, on which a layer counts for the same water at every energy, to ranges
/// in the phantom's material (water). Both go by Bethe's formula: a layer's metal counts for 1.9 % more water at 230 MeV than at 50 MeV
/// (docs/calorimeter.md). Lengths in mm of water.</summary>
internal sealed class RangeScale
{
    // The constants of the Bragg curve are from protons with 130 to 230 mm left. Their ranges differ by the same amount to a tenth of a mm,
    // which is in the constants already.
    private const double Known = 180;
    private readonly RangeTable _layers;
    private readonly RangeTable _water;
    private readonly double _lengthOfWater;
    private readonly double _longest;
    private readonly double _known;

    /// <summary>For the layers of the last group, where protons stop.</summary>
    public RangeScale(TrackingCalorimeter calorimeter)
    {
        LayerGroup group = calorimeter.Groups[^1];
        CompoundSlab[] slabs = [.. group.Before, group.Sensitive, .. group.After];
        CompoundSlab water = new(calorimeter.Phantom, 1);
        double filled = slabs.Sum(slab => slab.Thickness);
        (_layers, _water) = (new(slabs), new([water]));
        _lengthOfWater = filled / slabs.Sum(slab => LayerDepths.Thickness(calorimeter, slab));
        _longest = _water.Range(RangeTable.Highest);
        _known = Difference(Known);
    }

    /// <summary>The range in water that belongs to one on the scale of the layers' depths.</summary>
    public double Water(double range) => range + Difference(range) - _known;

    private double Difference(double range)
    {
        double inside = Math.Clamp(range, 0, 0.99 * _longest);
        return _water.Range(_layers.Energy(inside * _lengthOfWater)) - inside;
    }
}
