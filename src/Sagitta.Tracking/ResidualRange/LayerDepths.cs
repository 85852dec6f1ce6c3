namespace Sagitta.Tracking.ResidualRange;

/// <summary>How deep the layers of a calorimeter lie, in mm of the phantom's material (water) behind the first.</summary>
internal static class LayerDepths
{
    // The ratio of stopping powers changes by a hundredth from 60 to 230 MeV; RangeScale knows what that means for ranges.
    private const double Energy = 150;

    /// <summary>Depth of the middle of each sensitive layer behind that of the first, by stopping powers relative to the phantom's at 150
    /// MeV.</summary>
    public static double[] Of(TrackingCalorimeter calorimeter)
    {
        double Thickness(CompoundSlab slab) => LayerDepths.Thickness(calorimeter, slab);
        List<double> depths = [];
        double depth = 0;
        double behind = 0;
        double back = calorimeter.Groups[0].Front;
        foreach (LayerGroup group in calorimeter.Groups)
        {
            double half = Thickness(group.Sensitive) / 2;
            double filled = group.Before.Sum(slab => slab.Thickness) + group.Sensitive.Thickness + group.After.Sum(slab => slab.Thickness);
            for (int box = 0; box < group.Count; box++)
            {
                double front = group.Front + (box * group.Pitch);
                double gap = Thickness(new(calorimeter.Medium, front - back));
                depth = depths.Count == 0 ? 0 : depth + behind + gap + group.Before.Sum(Thickness) + half;
                depths.Add(depth);
                behind = half + group.After.Sum(Thickness);
                back = front + filled;
            }
        }

        return [.. depths];
    }

    /// <summary>What a slab counts for on this scale, mm of water.</summary>
    public static double Thickness(TrackingCalorimeter calorimeter, CompoundSlab slab) =>
        slab.Thickness * ProtonStopping.Loss(slab.Material, Energy) / ProtonStopping.Loss(calorimeter.Phantom, Energy);
}
