namespace Sagitta.Physics.Protons;

/// <summary>A proton on its way: where it is in which step, and its kinetic energy in MeV.</summary>
internal record struct ProtonState
{
    public int Track;
    public int Parent;
    public int Step;
    public double Fraction;
    public double X;
    public double Y;
    public Direction Direction;
    public double Energy;
}
