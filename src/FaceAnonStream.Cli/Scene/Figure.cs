using System.Numerics;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Cli.Scene;

/// <summary>What a part of a person is made of.</summary>
internal enum Material
{
    Skin,
    Neck,
    Hair,

    /// <summary>Hair that grows on the scalp only, not on the face.</summary>
    Scalp,
    Shirt,
    Trousers,
}

/// <summary>A part of a person.</summary>
internal readonly record struct Part(Ellipsoid Body, Material Material);

/// <summary>
/// A person at one moment, in picture pixels: ellipsoids for head, hair and body, and the landmarks of the face.
/// </summary>
internal sealed class Figure
{
    // In face units. Lengths of bodies are those of an adult, of whom a face unit is some 5.2 cm.
    private static readonly Vector3 HeadPivot = new(0, 0.3f, 1.1f);
    private static readonly Vector3 NeckPivot = new(0, 2.6f, 1.5f);
    private static readonly Vector3 FaceCenter = new(0, -0.1f, 1.15f);
    private static readonly Vector3 FaceRadii = new(1.45f, 1.72f, 1.5f);

    private readonly Stance _stance;
    private readonly Quaternion _head;
    private readonly Quaternion _body;
    private readonly List<Part> _parts = [];

    /// <param name="person">Who.</param>
    /// <param name="stance">Where, and doing what.</param>
    public Figure(Person person, Stance stance)
    {
        Person = person;
        _stance = stance;
        _head = Turn(stance.Yaw, stance.Pitch, stance.Roll);
        _body = Turn(stance.BodyYaw, 0, 0.3f * stance.Roll);
        AddBody();
        AddHead(person.Look.HairStyle);
        Face = OfHead(FaceCenter, FaceRadii);
        Landmarks = Project(person.Points(stance.Expression));
    }

    public Person Person { get; }

    public ref readonly Stance Stance => ref _stance;

    /// <summary>Head, hair and body.</summary>
    public ReadOnlySpan<Part> Parts => CollectionsMarshal.AsSpan(_parts);

    /// <summary>A smooth surface under the face, for its light and grain.</summary>
    public Ellipsoid Face { get; }

    /// <summary>In picture pixels, in the order of <see cref="FacePoints"/>.</summary>
    public Vector2[] Landmarks { get; }

    /// <summary>Whether some part of the person covers the middle of a pixel.</summary>
    public bool Covers(Vector2 point)
    {
        foreach (ref readonly var part in Parts)
        {
            var meets = part.Body.TryHit(point, 1, out var hit) && hit.Coverage > 0.5f;
            if (meets && (part.Material != Material.Scalp || Scalp.Share(hit.Local) > 0.5f))
            {
                return true;
            }
        }

        return false;
    }

    private static Quaternion Turn(float yaw, float pitch, float roll) =>
        Quaternion.CreateFromAxisAngle(Vector3.UnitZ, roll)
        * Quaternion.CreateFromAxisAngle(Vector3.UnitY, -yaw)
        * Quaternion.CreateFromAxisAngle(Vector3.UnitX, pitch);

    private void AddHead(HairStyle style)
    {
        _parts.Add(new Part(OfHead(new(0, -1.05f, 1.25f), new(1.4f, 1.72f, 1.72f)), Material.Skin));
        _parts.Add(new Part(OfHead(new(0, 0.1f, 1.1f), new(1.18f, 1.36f, 1.1f)), Material.Skin));
        _parts.Add(new Part(OfHead(new(-1.4f, -0.25f, 1.4f), new(0.17f, 0.4f, 0.27f)), Material.Skin));
        _parts.Add(new Part(OfHead(new(1.4f, -0.25f, 1.4f), new(0.17f, 0.4f, 0.27f)), Material.Skin));
        var volume = style == HairStyle.Shaved ? 1.02f : style == HairStyle.Short ? 1.1f : 1.14f;
        _parts.Add(new Part(OfHead(new(0, -1.1f, 1.3f), new Vector3(1.4f, 1.72f, 1.72f) * volume), Material.Scalp));
        if (style == HairStyle.Long)
        {
            _parts.Add(new Part(OfHead(new(0, 0.4f, 1.95f), new(1.85f, 2.9f, 1.1f)), Material.Hair));
        }
        else if (style == HairStyle.Bun)
        {
            _parts.Add(new Part(OfHead(new(0, -2.75f, 2.2f), new(0.75f, 0.65f, 0.75f)), Material.Hair));
        }
    }

    private void AddBody()
    {
        _parts.Add(new Part(OfBody(new(0, 1.6f, 1.5f), new(0.88f, 1.8f, 0.9f)), Material.Neck));
        _parts.Add(new Part(OfBody(new(0, 3.3f, 1.75f), new(1.75f, 0.95f, 1.15f)), Material.Shirt));
        _parts.Add(new Part(OfBody(new(0, 4.3f, 1.7f), new(3.55f, 1.55f, 1.5f)), Material.Shirt));
        _parts.Add(new Part(OfBody(new(0, 7, 1.65f), new(3.3f, 4.5f, 1.9f)), Material.Shirt));
        _parts.Add(new Part(OfBody(new(0, 10.2f, 1.7f), new(3.05f, 4.4f, 1.8f)), Material.Shirt));
        foreach (var side in (int[])[-1, 1])
        {
            var shoulder = new Vector3(3 * side, 4, 1.7f);
            AddLimb(shoulder, new(3.35f * side, 6.6f, 1.75f), new(0.98f, 3.25f, 1.05f), side * _stance.Swing, Material.Shirt);
            AddLimb(shoulder, new(3.65f * side, 11, 1.5f), new(0.74f, 2.9f, 0.8f), side * _stance.Swing, Material.Shirt);
            AddLimb(shoulder, new(3.7f * side, 14.2f, 1.3f), new(0.5f, 0.95f, 0.6f), side * _stance.Swing, Material.Skin);
            var hip = new Vector3(1.5f * side, 13, 1.7f);
            AddLimb(hip, new(1.55f * side, 18.5f, 1.7f), new(1.6f, 6.6f, 1.7f), -side * _stance.Swing, Material.Trousers);
            AddLimb(hip, new(1.5f * side, 25.5f, 1.9f), new(1.1f, 5, 1.2f), -side * _stance.Swing, Material.Trousers);
        }
    }

    /// <summary>A part that swings forwards and backwards about a joint.</summary>
    private void AddLimb(Vector3 joint, Vector3 center, Vector3 radii, float swing, Material material)
    {
        var rotation = Quaternion.CreateFromAxisAngle(Vector3.UnitX, swing);
        var swung = joint + Vector3.Transform(center - joint, rotation);
        _parts.Add(new Part(new Ellipsoid(PlaceBody(swung), _body * rotation, radii * _stance.Scale), material));
    }

    private Ellipsoid OfHead(Vector3 center, Vector3 radii) => new(PlaceHead(center), _head, radii * _stance.Scale);

    private Ellipsoid OfBody(Vector3 center, Vector3 radii) => new(PlaceBody(center), _body, radii * _stance.Scale);

    private Vector3 PlaceHead(Vector3 point) =>
        new Vector3(_stance.Head, 0) + (_stance.Scale * Vector3.Transform(point - HeadPivot, _head));

    // The body hangs at the neck: turning the head does not move it.
    private Vector3 PlaceBody(Vector3 point) =>
        new Vector3(_stance.Head, 0) + (_stance.Scale * (NeckPivot - HeadPivot + Vector3.Transform(point - NeckPivot, _body)));

    private Vector2[] Project(Vector3[] points) => Array.ConvertAll(points, point =>
    {
        var placed = PlaceHead(point);
        return new Vector2(placed.X, placed.Y);
    });
}
