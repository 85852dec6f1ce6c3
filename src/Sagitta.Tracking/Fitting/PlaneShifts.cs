namespace Sagitta.Tracking.Fitting;

/// <summary>
/// Where planes are, relative to their detector file: what alignment and detector studies vary. Every step from clusters to tracks accepts
/// it and passes gradients to it. Shifts along z must keep the planes' order.
/// </summary>
/// <param name="Z">1 x planes, mm: added to the planes' z.</param>
/// <param name="Y">1 x planes, mm: a hit's y is its centroid plus this.</param>
internal readonly record struct PlaneShifts(Tensor<double> Z, Tensor<double> Y)
{
    /// <summary>Planes at their nominal places, towards which no gradient flows.</summary>
    public static PlaneShifts None(Tape<double> tape, int planes)
    {
        Tensor<double> zero = tape.Allocate(1, planes);
        zero.Values.Clear();
        return new(zero, zero);
    }

    internal void Require(int planes)
    {
        if (Z.Rows != 1 || Y.Rows != 1 || Z.Columns != planes || Y.Columns != planes)
        {
            throw new ArgumentException(
                $"Shifts of {planes} planes are 1 x {planes} each, not {Z.Rows} x {Z.Columns} along z and {Y.Rows} x {Y.Columns} along y.");
        }
    }
}
